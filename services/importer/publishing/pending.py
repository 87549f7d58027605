"""An import with something still to be published, as the publisher reads it, and its facts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final, NamedTuple
from uuid import UUID

import asyncpg
import msgspec

from schemas.claim_encoder import ClaimEncoder
from schemas.codec import encode
from schemas.facts import (
    AccountRequested,
    ClaimRef,
    Fact,
    Fingerprint,
    IfExists,
    ImportAccepted,
    ImportCancelled,
    ImportPersonal,
    ImportUndoStarted,
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


class Wish(NamedTuple):
    """What a person asked of the import, when, and whether the log has it."""

    author: str
    reason: str
    at: datetime
    published: bool


@dataclass(frozen=True)
class Pending:
    """One import. Everything its facts say is fixed, so that a fact repeated is the same to the byte."""

    accepted: ImportAccepted
    submitted_at: datetime
    cause_id: UUID | None
    is_accepted: bool
    skipped_to: int
    skipped_done: bool
    requested_to: int
    sending_to: int
    cancelled_to: int | None
    published: bool
    cancel: Wish | None
    undo: Wish | None
    corrected: bool

    @property
    def import_id(self) -> UUID:
        """The import."""
        return self.accepted.import_id

    @cached_property
    def encoder(self) -> ClaimEncoder:
        """Encodes its requests."""
        accepted = self.accepted
        return ClaimEncoder(
            accepted.import_id,
            project=accepted.project,
            if_exists=accepted.choices,
            requested_by=accepted.author,
            source=SOURCE,
            time=self.submitted_at,
            causation_id=accepted.event_id,
        )

    def acceptance(self) -> Message:
        """The first message of the import."""
        return _message(self.accepted, self.submitted_at, self.cause_id)

    def skipped(self, groups: Iterable[Sequence[SkippedRow]]) -> list[Message]:
        """One message for each group."""
        return [
            _message(
                RowsSkipped(import_id=self.import_id, rows=tuple(group)),
                self.submitted_at,
                self.accepted.event_id,
            )
            for group in groups
        ]

    def requests(self, rows: Sequence[Any]) -> list[Message]:
        """One message for each row of `requested_rows`."""
        encode_claim = self.encoder.encode
        return [Message(*encode_claim(*row)) for row in rows]

    def corrections(self, rows: Iterable[asyncpg.Record]) -> list[Message]:
        """One message for each row of `corrections`: to be tried, also where a failed account was to be left."""
        accepted = self.accepted
        return [
            _message(
                AccountRequested(
                    account_id=row["account_id"],
                    claim=ClaimRef(
                        request_id=request_id(self.import_id, row["row"], row["revision"]),
                        import_id=self.import_id,
                        row=row["row"],
                        revision=row["revision"],
                    ),
                    line=row["line"],
                    if_exists=IfExists(erred="retry", closed=accepted.choices.closed),
                    project=accepted.project,
                    requested_by=row["author"],
                    personal=RequestedPersonal(
                        email=row["email"],
                        canonical_email=row["canonical_email"],
                        description=row["description"],
                    ),
                ),
                row["asked_at"],
                accepted.event_id,
            )
            for row in rows
        ]

    def cancellation(self, wish: Wish, last_row: int) -> Message:
        """Says that nothing more is sent."""
        fact = ImportCancelled(
            import_id=self.import_id, author=wish.author, reason=wish.reason, last_row=last_row
        )
        return _message(fact, wish.at, self.accepted.event_id)

    def undo_start(self, wish: Wish) -> Message:
        """Says that what was created is being closed."""
        fact = ImportUndoStarted(import_id=self.import_id, author=wish.author, reason=wish.reason)
        return _message(fact, wish.at, self.accepted.event_id)


def pending_from(row: asyncpg.Record) -> Pending:
    """Read from `pending`."""
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
    return Pending(
        accepted=accepted,
        submitted_at=row["submitted_at"],
        cause_id=row["cause_id"],
        is_accepted=row["accepted_offset"] is not None,
        skipped_to=row["skipped_to"],
        skipped_done=row["skipped_done"],
        requested_to=row["requested_to"],
        sending_to=row["sending_to"],
        cancelled_to=row["cancelled_to"],
        published=row["published_at"] is not None,
        cancel=_wish(row, "cancel"),
        undo=_wish(row, "undo"),
        corrected=row["corrected"],
    )


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


def _wish(row: asyncpg.Record, what: str) -> Wish | None:
    if row[f"{what}_at"] is None:
        return None
    return Wish(
        row[f"{what}_author"],
        row[f"{what}_reason"],
        row[f"{what}_at"],
        row[f"{what}_published_at"] is not None,
    )


def _message(fact: Fact, time: datetime, cause: UUID | None) -> Message:
    return Message(*encode(fact, source=SOURCE, time=time, causation_id=cause))
