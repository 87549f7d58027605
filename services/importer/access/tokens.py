"""API tokens in Postgres: made, shown, ended."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.common.access import Principal, new_token, token_hash
from services.common.database import Pool, transaction
from services.common.sql import load_queries
from services.importer.access.granting import CannotBeGranted, Grant

_SQL = load_queries("services.importer.access", "tokens.sql")
MOST_VALID: Final = 100
"""Tokens of one person that are good at the same time."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it may be shown. `projects`: None: all that its holder sees. `created_by`: None: made at the start."""

    token_id: UUID
    user_id: str
    staff: bool
    may_write: bool
    projects: list[UUID] | None
    note: str
    created_at: datetime
    created_by: str | None
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class Tokens:
    """All calls see only what `principal` may see: one's own tokens; for staff, all."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def make(self, given: Grant, *, by: str) -> tuple[str, Token]:
        """A new secret, which is nowhere else from now on, and its token.

        Raises:
            CannotBeGranted: the person has too many already.
        """
        secret = new_token()
        async with transaction(self._pool) as connection:
            await connection.execute(_SQL["lock_holder"], given.user_id)
            if await connection.fetchval(_SQL["count_valid"], given.user_id) >= MOST_VALID:
                raise CannotBeGranted(
                    "user_id", "TOO_MANY_TOKENS", f"{MOST_VALID} tokens are in use: revoke one first."
                )
            row = await connection.fetchrow(
                _SQL["add"],
                token_hash(secret),
                given.user_id,
                given.staff,
                given.may_write,
                given.projects,
                given.note,
                given.expires,
                by,
            )
        return secret, _token(row)

    async def end_for(self, principal: Principal) -> datetime | None:
        """When the token ends that somebody came with, or traded for their session; None: never, or there is none."""
        found: datetime | None = await self._pool.fetchval(_SQL["end_for"], UUID(principal.credential))
        return found

    async def page(
        self, principal: Principal, *, user_id: str | None, before: tuple[datetime, UUID] | None, limit: int
    ) -> list[Token]:
        """Tokens, the newest first."""
        at, token_id = before or (None, None)
        rows = await self._pool.fetch(_SQL["page"], _only(principal), user_id, at, token_id, limit)
        return [_token(row) for row in rows]

    async def find(self, principal: Principal, token_id: UUID) -> Token | None:
        """One token."""
        row = await self._pool.fetchrow(_SQL["find"], token_id, _only(principal))
        return None if row is None else _token(row)

    async def revoke(self, principal: Principal, token_id: UUID) -> bool:
        """End a token, and the sessions that were traded for it; whether there is such a token."""
        return bool(await self._pool.fetchval(_SQL["revoke"], token_id, _only(principal)))


def _only(principal: Principal) -> str | None:
    return None if principal.unlimited else principal.user_id


def _token(row: Any) -> Token:
    return Token(**dict(row))
