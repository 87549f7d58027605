"""Sessions of the page: begun with a one-time token or an API token, ended by signing out or by time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.common.access import NotSignedIn, Principal, new_token, token_hash
from services.common.access.idempotency import forget_old_keys
from services.common.database import Pool, transaction
from services.common.sql import load_queries

_SQL = load_queries("services.importer.access", "sessions.sql")


@dataclass(frozen=True, slots=True)
class Session:
    """A session that has just begun. `secret` is the cookie's, and nowhere else."""

    secret: str
    session_id: UUID
    user_id: str
    staff: bool
    may_write: bool
    expires_at: datetime

    @property
    def principal(self) -> Principal:
        """Who signed in, for the audit trail."""
        return Principal(
            self.user_id, staff=self.staff, may_write=self.may_write, credential=str(self.session_id)
        )


class Sessions:
    """A session lasts so many seconds, however much it is used; a one-time token likewise, until it is used."""

    def __init__(self, pool: Pool, *, session_s: float, sign_in_s: float) -> None:
        self._pool = pool
        self._session_s = session_s
        self._sign_in_s = sign_in_s

    async def by_sign_in(self, one_time: str) -> Session:
        """Trade a one-time token.

        Raises:
            NotSignedIn: it was used already, is too old, or never was.
        """
        secret = new_token()
        async with transaction(self._pool) as connection:
            person = await connection.fetchrow(_SQL["use_sign_in"], token_hash(one_time))
            if person is None:
                raise NotSignedIn
            row = await connection.fetchrow(
                _SQL["add_for_sign_in"],
                token_hash(secret),
                person["user_id"],
                person["staff"],
                self._session_s,
            )
        return _session(secret, row)

    async def by_token(self, token: str) -> Session:
        """A session with what an API token allows; it ends with the token.

        Raises:
            NotSignedIn: the token is not valid.
        """
        secret = new_token()
        row = await self._pool.fetchrow(
            _SQL["add_for_token"], token_hash(secret), token_hash(token), self._session_s
        )
        if row is None:
            raise NotSignedIn
        return _session(secret, row)

    async def expires(self, principal: Principal) -> datetime | None:
        """When somebody's token or session ends; None: never."""
        found: datetime | None = await self._pool.fetchval(_SQL["expires"], UUID(principal.credential))
        return found

    async def end(self, principal: Principal) -> None:
        """End the session somebody came with; nothing, if that was a token."""
        await self._pool.execute(_SQL["end"], UUID(principal.credential))

    async def invite(self, user_id: str, *, staff: bool, by: str) -> tuple[str, datetime]:
        """A one-time token for somebody, and when it ends."""
        one_time = new_token()
        expires = await self._pool.fetchval(
            _SQL["add_sign_in"], token_hash(one_time), user_id, staff, by, self._sign_in_s
        )
        return one_time, expires

    async def tidy(self) -> None:
        """Take away what is over: old sessions, one-time tokens, kept answers."""
        await self._pool.execute(_SQL["forget_sessions"])
        await self._pool.execute(_SQL["forget_sign_ins"])
        while await forget_old_keys(self._pool):
            pass


def _session(secret: str, row: Any) -> Session:
    return Session(secret, **dict(row))
