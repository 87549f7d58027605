"""Staged rows as they lie in their table, and back."""

from collections.abc import Iterable
from uuid import UUID

import asyncpg
import orjson

from services.importer.domain.rows import StagedRow, Verdict
from services.importer.drafts.copying import notes_json, storable, suggestions_json
from services.importer.notes import RowNote, Suggestion


def staged_row(row: asyncpg.Record) -> StagedRow:
    """Read from `staged`."""
    return StagedRow(
        row=row["row"],
        line=row["line"],
        email=row["email"],
        canonical_email=row["canonical_email"],
        description=row["description"],
        verdict=Verdict(row["verdict"]),
        code=row["code"],
        detail=row["detail"] or "",
        duplicate_of=row["duplicate_of"],
        account_id=None if row["account_id"] is None else row["account_id"].bytes,
        notes=tuple(RowNote(**note) for note in orjson.loads(row["notes"] or "[]")),
        suggestions=tuple(Suggestion(**one) for one in orjson.loads(row["suggestions"] or "[]")),
        confirmed=row["confirmed"],
    )


def columns_of(rows: Iterable[StagedRow]) -> tuple[list[object], ...]:
    """For `change`: each column's values."""
    values = [
        (
            row.row,
            storable(row.email),
            None if row.canonical_email == row.email else row.canonical_email,
            storable(row.description),
            row.verdict.value,
            row.code,
            storable(row.detail) or None,
            None if row.account_id is None else UUID(bytes=row.account_id),
            _text(notes_json(row.notes)),
            _text(suggestions_json(row.suggestions)),
            row.confirmed,
        )
        for row in rows
    ]
    return tuple(list(column) for column in zip(*values, strict=True))


def _text(data: bytes | None) -> str | None:
    return None if data is None else data.decode().replace("\\u0000", "\\u2400")
