"""API tokens and sessions: 256 random bits each, kept as SHA-256, and who is behind them."""

import asyncio
import hashlib
import secrets
import time
from collections.abc import Callable
from typing import Literal
from uuid import UUID

import asyncpg
import structlog

from services.common.access.principal import NotSignedIn, Principal, Role
from services.common.database import OPERATIONAL_ERRORS, Database, Pool
from services.common.sql import load_queries

logger = structlog.get_logger(__name__)

Kind = Literal["token", "session"]

_SQL = load_queries("services.common.access")
_CACHE_SECONDS = 5.0
_CACHE_SIZE = 10_000
_LONGEST = 200
_NOT_WRITTEN: tuple[type[Exception], ...] = (*OPERATIONAL_ERRORS, asyncpg.PostgresError)


def new_token() -> str:
    """A fresh secret, safe in a URL."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What is stored instead of the secret."""
    return hashlib.sha256(token.encode()).digest()


class Authenticator:
    """Finds out who is asking.

    What was found is trusted for five seconds before it is looked up again: so long may a token that was revoked, a
    session that was ended, or a role that was taken away still count, in each process; a new role may take as long.
    """

    def __init__(self, pool: Pool, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._pool = pool
        self._clock = clock
        self._seen: dict[tuple[Kind, bytes], tuple[float, Principal]] = {}
        self._writing: set[asyncio.Task[None]] = set()

    @property
    def pool(self) -> "Pool | None":
        """Where the schema `access` is; None if there is none."""
        return self._pool

    async def principal(self, authorization: str | None) -> Principal:
        """The holder of the token in an `Authorization` header.

        Raises:
            NotSignedIn: there is no valid token.
        """
        return await self._holder("token", _sent(authorization))

    async def session(self, cookie: str | None) -> Principal:
        """Whose session a cookie stands for.

        Raises:
            NotSignedIn: there is no valid session.
        """
        return await self._holder("session", cookie)

    def known(self, authorization: str | None, cookie: str | None = None) -> Principal | None:
        """The holder, if that was looked up within the last seconds: costs no database and no wait.

        As everywhere, a cookie counts only without an `Authorization` header. It is enough for reading: what changes
        something must also come from our own page (`services.common.http.signin`).
        """
        kind: Kind = "session" if authorization is None else "token"
        digest = _digest(cookie if authorization is None else _sent(authorization))
        return None if digest is None else self._known(kind, digest)

    def forget(self, credential: str) -> None:
        """Look a token or session up again the next time, because it has just been ended here."""
        for found in [key for key, (_, holder) in self._seen.items() if holder.credential == credential]:
            del self._seen[found]

    async def _holder(self, kind: Kind, secret: str | None) -> Principal:
        digest = _digest(secret)
        if digest is None:
            raise NotSignedIn
        if (known := self._known(kind, digest)) is not None:
            return known
        row = await self._pool.fetchrow(_SQL[f"find_{kind}"], digest)
        if row is None:
            self._seen.pop((kind, digest), None)
            raise NotSignedIn
        principal = principal_of(row)
        if len(self._seen) >= _CACHE_SIZE:
            self._seen.clear()
        self._seen[kind, digest] = (self._clock() + _CACHE_SECONDS, principal)
        if row["use_is_old"]:
            task = asyncio.create_task(self._write_use(kind, digest))
            self._writing.add(task)
            task.add_done_callback(self._writing.discard)
        return principal

    async def _write_use(self, kind: Kind, digest: bytes) -> None:
        try:
            await self._pool.execute(_SQL[f"use_{kind}"], digest)
        except _NOT_WRITTEN as error:
            logger.warning("last_use_not_written", error=type(error).__name__)

    def _known(self, kind: Kind, digest: bytes) -> Principal | None:
        seen = self._seen.get((kind, digest))
        return seen[1] if seen is not None and seen[0] > self._clock() else None


def principal_of(row: asyncpg.Record) -> Principal:
    """Who a row of `find_token` or `find_session` stands for.

    A token for some projects lets even staff into these only; there they may do what staff may.
    """
    roles: dict[UUID, Role] = dict(zip(row["role_projects"] or (), row["roles"] or (), strict=True))
    narrowed = row["projects"] is not None
    if narrowed and row["staff"]:
        roles = {project: roles.get(project, "manager") for project in row["projects"]}
    return Principal(
        row["user_id"],
        staff=row["staff"],
        roles=roles,
        may_write=row["may_write"],
        narrowed=narrowed,
        credential=row["credential"],
    )


def _sent(authorization: str | None) -> str | None:
    """The token in an `Authorization` header; None if there is none."""
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() if scheme.lower() in ("token", "bearer") else None


def _digest(secret: str | None) -> bytes | None:
    """The hash of a secret; None if it cannot be one of ours."""
    return token_hash(secret) if secret and len(secret) <= _LONGEST else None


async def add_token(database: Database, token: str, *, user_id: str, staff: bool, note: str = "") -> None:
    """Remember `token` for `user_id`; idempotent."""
    await database.execute(_SQL["add_token"], token_hash(token), user_id, staff, note, None)
