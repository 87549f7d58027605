"""Requests with an `Idempotency-Key`: what ran under a key, what it was answered, and whether another is the same."""

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson

from services.common.database import Pool
from services.common.sql import load_queries

_SQL = load_queries("services.common.access", "idempotency.sql")

MOST_ANSWER_BYTES: Final = 256 * 1024
"""As kept, that is compressed. A longer answer is not kept; that the request was done is."""
_COMPRESSED_FROM: Final = 1024
_PLAIN, _COMPRESSED = b"p", b"z"


@dataclass(frozen=True, slots=True)
class Body:
    """The body of a request, as far as it was read: not its bytes, only what tells it from another."""

    sha256: bytes
    count: int
    whole: bool


class BodyHash:
    """Takes a body piece by piece; of a `limit` in bytes only so many count."""

    def __init__(self, limit: int | None = None) -> None:
        self._hash = hashlib.sha256()
        self._limit = limit
        self._count = 0
        self._whole = False

    def take(self, piece: bytes, *, last: bool) -> None:
        """The next piece."""
        within = piece if self._limit is None else piece[: max(0, self._limit - self._count)]
        self._hash.update(within)
        self._count += len(piece)
        self._whole = self._whole or last

    @property
    def enough(self) -> bool:
        """Whether what comes now cannot matter any more."""
        return self._whole or (self._limit is not None and self._count > self._limit)

    def body(self) -> Body:
        """What was taken so far."""
        return Body(self._hash.digest(), self._count, self._whole)


def same_body(first: Body, again: Body) -> bool:
    """Whether a request repeats another, as far as that one was read. `again` was hashed up to `first.count` bytes."""
    if again.count < first.count or (first.whole and again.count > first.count):
        return False
    return again.sha256 == first.sha256


def line_hash(method: str, path: str, query: bytes) -> bytes:
    """What tells the first line of one request from that of another."""
    return hashlib.sha256(b"\n".join((method.encode(), path.encode(), query))).digest()


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer. `content`: None where it was too long, or held a secret."""

    status: int
    headers: Sequence[tuple[str, str]]
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Started:
    """The request is to be run now, under this key."""


@dataclass(frozen=True, slots=True)
class Runs:
    """The same request runs right now; it is left alone for so many seconds."""

    lease_s: float


@dataclass(frozen=True, slots=True)
class Reused:
    """The key belongs to another request."""


@dataclass(frozen=True, slots=True)
class Done:
    """The request was done before, if its body is this one."""

    body: Body
    kept: Kept


Begun = Started | Runs | Reused | Done


def judge(found: Mapping[str, Any], line: bytes) -> Runs | Reused | Done:
    """What a key that is taken means for a request with this first line; `found` is a row of `find`."""
    if found["line_hash"] != line:
        return Reused()
    if not found["finished"]:
        return Runs(max(0.0, found["lease_s"]))
    kept = Kept(
        found["status"],
        [(name, value) for name, value in orjson.loads(found["headers"])],
        None if found["answer"] is None else unpacked(found["answer"]),
    )
    return Done(Body(found["body_hash"], found["body_bytes"], found["body_whole"]), kept)


def packed(content: bytes) -> bytes | None:
    """An answer as it is kept; None if it is too long. Takes time with a long one."""
    if len(content) < _COMPRESSED_FROM:
        return _PLAIN + content
    compressed = zlib.compress(content, 1)
    return _COMPRESSED + compressed if len(compressed) <= MOST_ANSWER_BYTES else None


def unpacked(kept: bytes) -> bytes:
    """The answer again."""
    return kept[1:] if kept[:1] == _PLAIN else zlib.decompress(kept[1:])


@dataclass(frozen=True, slots=True)
class Attempt:
    """One run of a request: whose it is, under which key, and what tells this run from one that takes over."""

    user_id: str
    key: str
    id: UUID


class Idempotency:
    """The table of keys. Every call may raise one of `OPERATIONAL_ERRORS`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def begin(self, attempt: Attempt, line: bytes, *, lease_s: float) -> Begun:
        """Take the key for a request, or say why not; a run that is not renewed may be taken over after `lease_s`."""
        while True:
            taken = await self._pool.fetchval(
                _SQL["begin"], attempt.user_id, attempt.key, attempt.id, line, lease_s
            )
            if taken:
                return Started()
            found = await self._pool.fetchrow(_SQL["find"], attempt.user_id, attempt.key)
            if found is not None:
                return judge(dict(found), line)

    async def renew(self, attempt: Attempt, *, lease_s: float) -> None:
        """The request still runs."""
        await self._pool.execute(_SQL["renew"], attempt.user_id, attempt.key, attempt.id, lease_s)

    async def finish(self, attempt: Attempt, body: Body, kept: Kept) -> None:
        """Keep what the request was answered; does nothing if another run took over."""
        await self._pool.execute(
            _SQL["finish"],
            attempt.user_id,
            attempt.key,
            attempt.id,
            body.sha256,
            body.count,
            body.whole,
            kept.status,
            orjson.dumps(list(kept.headers)).decode(),
            kept.content,
        )

    async def release(self, attempt: Attempt) -> None:
        """Forget the request: its answer is not one to be given again."""
        await self._pool.execute(_SQL["release"], attempt.user_id, attempt.key, attempt.id)


async def forget_old_keys(pool: Pool) -> int:
    """Take away some of what was kept for 24 hours; how many."""
    return int((await pool.execute(_SQL["forget_old"])).rpartition(" ")[2])
