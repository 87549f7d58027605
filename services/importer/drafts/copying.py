"""Staged rows as PostgreSQL's binary COPY reads them: made where they are judged, passed on without being looked at.

The verdict comes last in a row, so that whoever learns that an account exists already can exchange it without
understanding the rest.
"""

import struct
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from services.importer.domain.rows import StagedRow, Verdict
from services.importer.notes import RowNote, Suggestion

COLUMNS: Final = (
    "draft_id",
    "row",
    "line",
    "canonical_email",
    "code",
    "detail",
    "duplicate_of",
    "notes",
    "suggestions",
    "account_id",
    "email",
    "description",
    "verdict",
)
HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER: Final = b"\xff\xff"

_NULL: Final = b"\xff\xff\xff\xff"
_LENGTH: Final = struct.Struct(">i").pack
_FIELDS: Final = struct.pack(">h", len(COLUMNS))
_PLAIN_ROW: Final = struct.Struct(">22siiii24si16si")
_PLAIN: Final = _PLAIN_ROW.pack
_PLAIN_BYTES: Final = _PLAIN_ROW.size + 4
_LENGTHS: Final = [_LENGTH(size) for size in range(256)]
_SIX_NULLS: Final = _NULL * 6
_VERDICTS: Final = {verdict: _LENGTH(len(verdict.value)) + verdict.value.encode() for verdict in Verdict}
_NEW: Final = _VERDICTS[Verdict.NEW]
_JSON: Final = msgspec.json.Encoder()


class Copying:
    """Encodes the rows of one draft."""

    def __init__(self, draft_id: UUID) -> None:
        self._start = _FIELDS + _LENGTH(16) + draft_id.bytes

    def encode(self, rows: Sequence[StagedRow]) -> tuple[bytes, bytes, bytes]:
        """Return the rows for COPY, the account ids of the new ones, and the places of their verdicts.

        Places are 4-byte little-endian numbers, as in `protocol.Rows`.
        """
        start, new, plain, nulls, lengths, known = (
            self._start,
            Verdict.NEW,
            _PLAIN,
            _SIX_NULLS,
            _LENGTHS,
            len(_LENGTHS),
        )
        parts: list[bytes] = []
        accounts: list[bytes] = []
        places: list[int] = []
        size = 0
        for row in rows:
            number, line, email, canonical, description, verdict, _, _, _, account, notes, suggestions, _ = (
                row
            )
            if verdict is new and account is not None:
                accounts.append(account)
                if canonical == email and not notes and not suggestions and "\0" not in description:
                    first, second = email.encode(), description.encode("utf-8", "replace")
                    long = len(second)
                    head = plain(start, 4, number, 4, line, nulls, 16, account, len(first))
                    parts += (head, first, lengths[long] if long < known else _LENGTH(long), second)
                    size += _PLAIN_BYTES + len(first) + long
                else:
                    part = self._other(row)
                    parts.append(part)
                    size += len(part)
                places.append(size)
                parts.append(_NEW)
                size += len(_NEW)
            else:
                part = self._other(row) + _VERDICTS[verdict]
                parts.append(part)
                size += len(part)
        return b"".join(parts), b"".join(accounts), struct.pack(f"<{len(places)}I", *places)

    def _other(self, row: StagedRow) -> bytes:
        canonical = None if row.canonical_email == row.email else row.canonical_email
        return b"".join(
            (
                self._start,
                _LENGTH(4),
                _LENGTH(row.row),
                _LENGTH(4),
                _LENGTH(row.line),
                _optional(canonical),
                _optional(row.code),
                _optional(row.detail or None),
                _NULL if row.duplicate_of is None else _LENGTH(4) + _LENGTH(row.duplicate_of),
                _jsonb(notes_json(row.notes)),
                _jsonb(suggestions_json(row.suggestions)),
                _NULL if row.account_id is None else _LENGTH(16) + row.account_id,
                _sized(_text(row.email)),
                _sized(_text(row.description)),
            )
        )


def with_verdicts(copy: bytes, places: bytes, states: bytes, verdicts: Sequence[Verdict]) -> bytes:
    """Exchange the verdicts of new rows: `states` holds one byte for each, an index into `verdicts`.

    Raises:
        ValueError: the states do not fit the places.
    """
    if len(states) * 4 != len(places):
        raise ValueError("one state for each new row is needed")
    if not any(states):
        return copy
    view, done = memoryview(copy), 0
    parts: list[bytes | memoryview] = []
    for (place,), state in zip(struct.iter_unpack("<I", places), states, strict=True):
        if state:
            parts += (view[done:place], _VERDICTS[verdicts[state]])
            done = place + len(_NEW)
    return b"".join((*parts, view[done:]))


def notes_json(notes: Sequence[RowNote]) -> bytes | None:
    """Notes as they are stored; None if there are none."""
    return _JSON.encode([{"code": code, "detail": detail} for code, detail in notes]) if notes else None


def suggestions_json(suggestions: Sequence[Suggestion]) -> bytes | None:
    """Suggestions as they are stored; None if there are none."""
    if not suggestions:
        return None
    return _JSON.encode([{"code": code, "value": value, "like": like} for code, value, like in suggestions])


def storable(text: str) -> str:
    """The text as PostgreSQL takes it: without NUL, and without halves of characters."""
    return _text(text).decode()


def _text(text: str) -> bytes:
    if "\0" in text:  # judged already, and never good; PostgreSQL would refuse the whole chunk
        text = text.replace("\0", "\u2400")
    return text.encode("utf-8", "replace")


def _sized(data: bytes) -> bytes:
    return _LENGTH(len(data)) + data


def _optional(text: str | None) -> bytes:
    return _NULL if text is None else _sized(_text(text))


def _jsonb(data: bytes | None) -> bytes:
    if data is None:
        return _NULL
    data = data.replace(b"\\u0000", b"\\u2400")
    return _LENGTH(len(data) + 1) + b"\x01" + data
