"""Correcting staged rows: judged anew, duplicates settled, what exists asked; all under the draft's lock."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from services.common.database import Connection, Pool, transaction
from services.common.sql import load_queries
from services.importer.domain.corrections import applied, corrected
from services.importer.domain.policy import AddressPolicy
from services.importer.domain.rows import ACCOUNT_STATES, StagedRow, Verdict
from services.importer.drafts.copying import Copying
from services.importer.drafts.existing import ExistingAccounts, Unknown
from services.importer.drafts.model import Draft, preview_hash
from services.importer.drafts.repository import (
    copy_rows,
    draft_of,
    lock_draft,
    problems,
    start_again,
    to_json,
)
from services.importer.drafts.stored import columns_of, staged_row
from services.importer.limits import Limits
from services.importer.notes import Suggestion
from services.importer.reading import Choices

logger = structlog.get_logger(__name__)
_SQL = load_queries("services.importer.drafts", "editing.sql")

AT_ONCE: Final = 5_000
"""Rows that one call corrects; who asked for more asks again."""


class NotNow(Exception):
    """The draft is in a state that allows no correction."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft.state)
        self.draft = draft


class NoSuchRow(Exception):
    """The draft has no row of this number."""


class TooManyRows(Exception):
    """With the rows that would be added there would be more than the limit."""


@dataclass(frozen=True, slots=True)
class Fix:
    """One suggestion for all rows that have it: those alike, or those named, or all."""

    code: str
    like: str | None = None
    rows: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Fixed:
    """What became of it: rows changed, rows added at the end, and whether more rows have the suggestion."""

    draft: Draft
    changed: int
    added: int
    more: bool


class Editing:
    """Corrections of drafts. Each is one transaction; afterwards the preview has another hash."""

    def __init__(
        self,
        pool: Pool,
        existing: ExistingAccounts,
        *,
        limits: Limits,
        policy: AddressPolicy,
        clock: Callable[[], datetime],
    ) -> None:
        self._pool = pool
        self._existing = existing
        self._limits = limits
        self._policy = policy
        self._clock = clock

    async def correct(self, draft_id: UUID, row: int, *, email: str | None, description: str | None) -> Draft:
        """Give one row other cells; None keeps one.

        Raises:
            NotNow: so for all three.
            NoSuchRow: there is none.
        """
        async with transaction(self._pool) as connection:
            draft = await self._lock(connection, draft_id)
            found = await connection.fetch(_SQL["staged"], draft_id, [row])
            if not found:
                raise NoSuchRow
            before = staged_row(found[0])
            after = corrected(before, draft.project_id, self._policy, email=email, description=description)
            return await self._store(connection, draft, [before], [after], [])

    async def fix(self, draft_id: UUID, fix: Fix) -> Fixed:
        """Apply a suggestion to all rows that have it, at most `AT_ONCE` of them.

        Raises:
            TooManyRows: nothing was changed.
        """
        async with transaction(self._pool) as connection:
            draft = await self._lock(connection, draft_id)
            wanted = {"code": fix.code} if fix.like is None else {"code": fix.code, "like": fix.like}
            rows = None if fix.rows is None else list(fix.rows)
            alike = await connection.fetch(_SQL["alike"], draft_id, to_json([wanted]), rows, AT_ONCE + 1)
            numbers = [row["row"] for row in alike[:AT_ONCE]]
            if not numbers:
                return Fixed(draft, 0, 0, False)
            found = await connection.fetch(_SQL["staged"], draft_id, numbers)
            before, after, added = await asyncio.to_thread(self._applied, draft, fix, found)
            if draft.rows + len(added) > self._limits.max_rows:
                raise TooManyRows
            stored = await self._store(connection, draft, before, after, added)
        return Fixed(stored, len(after), len(added), len(alike) > AT_ONCE)

    def _applied(
        self, draft: Draft, fix: Fix, found: Sequence[asyncpg.Record]
    ) -> tuple[list[StagedRow], list[StagedRow], list[StagedRow]]:
        """The rows as they were, as they would be, and those that come after the last one."""
        before = [staged_row(row) for row in found]
        after: list[StagedRow] = []
        added: list[StagedRow] = []
        for row in before:
            suggestion = next(one for one in row.suggestions if _is(one, fix))
            first, *rest = applied(row, suggestion, draft.project_id, self._policy)
            after.append(first)
            added += [one._replace(row=draft.rows + len(added) + place) for place, one in enumerate(rest, 1)]
        return before, after, added

    async def read_again(self, draft_id: UUID, choices: Choices) -> Draft:
        """Begin another reading of the file, with these choices; the caller is its reader."""
        async with transaction(self._pool) as connection:
            draft = await lock_draft(connection, draft_id)
            if draft is None:
                raise NoSuchRow
            if draft.state not in ("reading", "previewed", "rejected") or not draft.has_file:
                raise NotNow(draft)
            return await start_again(connection, draft, choices, 1, self._clock())

    async def _lock(self, connection: Connection, draft_id: UUID) -> Draft:
        draft = await lock_draft(connection, draft_id)
        if draft is None:
            raise NoSuchRow
        if draft.state != "previewed":
            raise NotNow(draft)
        return draft

    async def _store(
        self,
        connection: Connection,
        draft: Draft,
        before: Sequence[StagedRow],
        after: Sequence[StagedRow],
        added: Sequence[StagedRow],
    ) -> Draft:
        accounts = sorted({row.account_id for row in (*before, *after, *added) if row.account_id is not None})
        states = await self._states(connection, draft.draft_id, accounts)
        columns = await asyncio.to_thread(columns_of, after)
        await connection.execute(_SQL["change"], draft.draft_id, *columns)
        if added:
            copy, _, _ = await asyncio.to_thread(Copying(draft.draft_id).encode, added)
            await copy_rows(connection, copy)
        ids = [UUID(bytes=account) for account in accounts]
        await connection.execute(_SQL["settle"], draft.draft_id, ids, states)
        verdicts = {verdict.value: 0 for verdict in Verdict}
        verdicts.update(
            {row["verdict"]: row["rows"] for row in await connection.fetch(_SQL["counts"], draft.draft_id)}
        )
        edition = draft.edition + 1
        row = await connection.fetchrow(
            _SQL["edited"],
            draft.draft_id,
            edition,
            sum(verdicts.values()),
            to_json(verdicts),
            await problems(connection, draft.draft_id),
            preview_hash(draft.draft_id, draft.reading, edition),
        )
        assert row is not None  # noqa: S101 - it is locked
        return draft_of(row)

    async def _states(self, connection: Connection, draft_id: UUID, accounts: Sequence[bytes]) -> list[str]:
        """What each account is; if nobody can say, what it was when the file was read."""
        try:
            states = await self._existing.states(b"".join(accounts))
            return [ACCOUNT_STATES[state].value for state in states]
        except Unknown as error:
            logger.warning("existing_accounts_unknown", reason=str(error))
        ids = [UUID(bytes=account) for account in accounts]
        known = {
            row["account_id"].bytes: row["verdict"]
            for row in await connection.fetch(_SQL["known"], draft_id, ids)
        }
        return [known.get(account, Verdict.NEW.value) for account in accounts]


def _is(suggestion: Suggestion, fix: Fix) -> bool:
    return suggestion.code == fix.code and fix.like in (None, suggestion.like)
