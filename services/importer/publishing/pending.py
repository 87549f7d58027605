"""An import with rows still to be published, as the publisher reads it, and its facts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self
from uuid import UUID

import asyncpg
import msgspec

from schemas.codec import encode
from schemas.facts import (
    AccountRequested,
    ClaimRef,
    Fact,
    Fingerprint,
    IfExists,
    ImportAccepted,
    ImportPersonal,
    ProjectSnapshot,
    RequestedPersonal,
    RowsSkipped,
    SkippedPersonal,
    SkippedRow,
    Verdicts,
)
from schemas.ids import request_id
from services.common.records import Message

SOURCE: Final = "course-accounts/importer"
_PROJECT = msgspec.json.Decoder(ProjectSnapshot)
_VERDICTS = msgspec.json.Decoder(Verdicts)


@dataclass(frozen=True, slots=True)
class Pending:
    """One unfinished import. Everything its facts say is fixed, so that a fact repeated is the same to the byte."""

    accepted: ImportAccepted
    submitted_at: datetime
    is_accepted: bool
    skipped_to: int
    skipped_done: bool
    requested_to: int

    @classmethod
    def from_row(cls, row: asyncpg.Record) -> Self:
        """Read from `next_turn`."""
        fingerprint = None
        if row["file_sha256"] is not None:
            fingerprint = Fingerprint(sha256=row["file_sha256"].hex(), size=row["file_bytes"])
        accepted = ImportAccepted(
            import_id=row["import_id"],
            project=_PROJECT.decode(row["project"]),
            rows=row["rows"],
            requested=row["requested"],
            verdicts=_VERDICTS.decode(row["verdicts"]),
            choices=IfExists(erred=row["if_erred"], closed=row["if_closed"]),
            author=row["author"],
            source=row["source"],
            fingerprint=fingerprint,
            personal=ImportPersonal(file_name=row["file_name"]),
        )
        return cls(
            accepted=accepted,
            submitted_at=row["submitted_at"],
            is_accepted=row["accepted_offset"] is not None,
            skipped_to=row["skipped_to"],
            skipped_done=row["skipped_done"],
            requested_to=row["requested_to"],
        )

    @property
    def import_id(self) -> UUID:
        """The import."""
        return self.accepted.import_id

    def acceptance(self) -> Message:
        """The first message of the import."""
        return self._message(self.accepted, None)

    def skipped(self, groups: Iterable[Sequence[SkippedRow]]) -> list[Message]:
        """One message for each group."""
        return [
            self._message(RowsSkipped(import_id=self.import_id, rows=tuple(group)), self.accepted.event_id)
            for group in groups
        ]

    def requests(self, rows: Sequence[asyncpg.Record]) -> list[Message]:
        """One message for each row of `requested_rows`."""
        accepted, cause = self.accepted, self.accepted.event_id
        return [
            self._message(
                AccountRequested(
                    account_id=account,
                    claim=ClaimRef(
                        request_id=request_id(accepted.import_id, number, 0),
                        import_id=accepted.import_id,
                        row=number,
                    ),
                    line=line,
                    if_exists=accepted.choices,
                    project=accepted.project,
                    requested_by=accepted.author,
                    personal=RequestedPersonal(
                        email=email, canonical_email=canonical_email, description=description
                    ),
                ),
                cause,
            )
            for number, line, email, canonical_email, description, account in rows
        ]

    def _message(self, fact: Fact, cause: UUID | None) -> Message:
        encoded = encode(fact, source=SOURCE, time=self.submitted_at, causation_id=cause)
        return Message(encoded.key, encoded.value, encoded.headers)


def skipped_row(row: asyncpg.Record) -> SkippedRow:
    """Read from `skipped_rows`."""
    return SkippedRow(
        row=row["row"],
        line=row["line"],
        verdict=row["verdict"],
        code=row["code"],
        duplicate_of=row["duplicate_of"],
        personal=SkippedPersonal(email=row["email"], description=row["description"]),
    )
