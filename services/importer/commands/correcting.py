"""Correcting a row that could not be taken or made: a new revision, published like any request."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from schemas.codes import explain
from schemas.ids import request_id
from services.common.database import Connection, Pool, transaction
from services.importer.commands.store import SQL, CommandRefused, Target, find
from services.importer.domain.commands import NOT_FOUND, ROW_NOT_FOUND, Recorded, refuse_correction
from services.importer.domain.correcting import Change, corrected
from services.importer.domain.policy import AddressPolicy
from services.importer.domain.rows import ACCOUNT_STATES, StagedRow, Verdict
from services.importer.domain.submission import Refused
from services.importer.drafts.existing import ExistingAccounts
from services.importer.submission.waiting import Place, Waiting

_NOT_FAILED: Final = Refused(
    409, "ROW_NOT_FAILED", "Only rows that failed or could not be taken are corrected; this one is neither."
)
_BUSY: Final = Refused(
    409, "ROW_CHANGED", "Somebody else corrected this row just now. Look at it again, then decide."
)
_SAME: Final = Refused(
    400, "NOTHING_CHANGED", "The row says this already. To try again as it is, use retry instead."
)


@dataclass(frozen=True, slots=True)
class Corrected:
    """An accepted correction. `seen`: whether the read model has passed it."""

    row: StagedRow
    revision: int
    seen: bool


class Correcting:
    """Takes corrections."""

    def __init__(
        self,
        pool: Pool,
        existing: ExistingAccounts,
        waiting: Waiting,
        policy: AddressPolicy,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._pool = pool
        self._existing = existing
        self._waiting = waiting
        self._policy = policy
        self._clock = clock

    async def correct(self, import_id: UUID, row: int, change: Change, author: str) -> Corrected:
        """Accept another address or description for a row.

        Raises:
            CommandRefused: the row cannot be corrected, or not so.
            Unknown: nobody can say now how its account stands.
        """
        target = await find(self._pool, import_id)
        if target is None:
            raise CommandRefused(NOT_FOUND)
        if (why := refuse_correction(target.recorded)) is not None:
            raise CommandRefused(why)
        was = await self._pool.fetchrow(SQL["newest"], import_id, row)
        if was is None:
            raise CommandRefused(ROW_NOT_FOUND)
        await self._check_failed(target, was)
        new = corrected(
            row, was["line"], was["email"], was["description"], change, target.project_id, self._policy
        )
        if new.account_id is None:
            raise _unusable(new)
        if (new.email, new.description) == (was["email"], was["description"]):
            raise CommandRefused(_SAME)
        revision = was["revision"] + 1
        async with transaction(self._pool) as connection:
            await self._record(connection, import_id, was, new, author)
        seen = await self._waiting.seen(lambda: self._place(import_id, row, revision))
        return Corrected(new, revision, seen)

    async def _check_failed(self, target: Target, was: asyncpg.Record) -> None:
        if was["verdict"] == Verdict.INVALID and not was["revision"]:
            return
        if was["verdict"] == Verdict.DUPLICATE or was["unpublished"]:
            raise CommandRefused(_NOT_FAILED)
        if not was["revision"] and was["row"] > target.requested_to:
            raise CommandRefused(_NOT_FAILED)  # not even asked for yet
        [state] = await self._existing.states(was["account_id"].bytes)
        if ACCOUNT_STATES[state] is not Verdict.EXISTING_ERRED:
            raise CommandRefused(_NOT_FAILED)

    async def _record(
        self, connection: Connection, import_id: UUID, was: asyncpg.Record, new: StagedRow, author: str
    ) -> None:
        assert new.account_id is not None  # noqa: S101 - looked at by the caller
        locked = await connection.fetchrow(SQL["lock_import"], import_id)
        assert locked is not None  # noqa: S101 - imports are never deleted
        recorded = Recorded(locked["cancelled"], locked["undone"], locked["purged"])
        if (why := refuse_correction(recorded)) is not None:
            raise CommandRefused(why)
        now = await connection.fetchrow(SQL["newest"], import_id, was["row"])
        if now is None or now["revision"] != was["revision"]:
            raise CommandRefused(_BUSY)
        account = UUID(bytes=new.account_id)
        other = await connection.fetchval(SQL["row_with_account"], import_id, account, was["row"])
        if other is not None:
            raise CommandRefused(
                Refused(409, "ADDRESS_TAKEN", f"Row {other} of this import has this address already."),
                field="email",
                row=other,
            )
        moved = was["account_id"] is not None and was["account_id"] != account
        await connection.execute(
            SQL["add_correction"],
            import_id,
            was["row"],
            was["revision"] + 1,
            was["line"],
            new.email,
            new.canonical_email,
            new.description,
            account,
            author,
            self._clock(),
            was["account_id"] if moved else None,
            request_id(import_id, was["row"], was["revision"]) if moved else None,
        )

    async def _place(self, import_id: UUID, row: int, revision: int) -> Place | None:
        found = await self._pool.fetchrow(SQL["correction_place"], import_id, row, revision)
        return None if found is None else (found["log_partition"], found["log_offset"])


def _unusable(row: StagedRow) -> CommandRefused:
    why = explain(row.code or "EMAIL_INVALID")
    field = "email" if why.code.startswith("EMAIL") else "description"
    return CommandRefused(Refused(400, why.code, f"{why.message} {why.hint}"), field=field)
