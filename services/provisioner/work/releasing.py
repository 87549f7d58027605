"""Giving up claims: what was asked for durably is decided by whoever owns the partition, once it is live."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog

from services.common.database import Connection, Pool, transaction
from services.provisioner.account import Stored, claims_of, fate, release, told
from services.provisioner.store import accounts, releases
from services.provisioner.store.releases import Cause, Claim, Release
from services.provisioner.work.deciding import Decisions, Scribe, slices
from services.provisioner.work.desk import Desk

logger = structlog.get_logger(__name__)

_LOOK_EVERY_S = 0.5
_CHUNKS = 4
_SLICE = 100
_LONGEST_WAIT_S = 30.0
_LOOKS_FOR_UNKNOWN = 8


async def foretell(connection: Connection, claims: Sequence[Claim], cause: Cause) -> dict[str, int]:
    """How many accounts would be closed, how many kept for others, how many need nothing or cannot be told yet."""
    known = await accounts.read(connection, [account_id for account_id, _ in claims])
    counts = {"close": 0, "kept": 0, "nothing": 0, "pending": 0}
    for part in slices(sorted(set(claims)), _SLICE):
        for account_id, request_id in part:
            stored = known.get(account_id)
            comes_to = fate(stored.account if stored else None, request_id, cause)
            counts["nothing" if comes_to == "ended" else comes_to] += 1
        await asyncio.sleep(0)
    return counts


class Releaser:
    """Decides what giving up claims comes to, of the partitions that are ours."""

    def __init__(self, *, pool: Pool, desk: Desk, scribe: Scribe, now: Callable[[], datetime]) -> None:
        """Prepare the releaser."""
        self._pool = pool
        self._desk = desk
        self._scribe = scribe
        self._now = now

    async def step(self) -> None:
        """Decide all that is due, a few chunks a transaction, one of each import."""
        await asyncio.sleep(_LOOK_EVERY_S)
        while (live := self._desk.live) and await self._release(live):
            pass

    async def _release(self, live: frozenset[int]) -> bool:
        now = self._now()
        decisions = Decisions()
        async with transaction(self._pool) as connection:
            chunks = await releases.take(connection, live, now=now, most=_CHUNKS)
            if not chunks:
                return False
            for chunk in chunks:
                await self._decide(connection, chunk, decisions, now)
        self._scribe.tell(decisions)
        logger.info("claims_released", facts=len(decisions.facts))
        return True

    async def _decide(
        self, connection: Connection, chunk: Release, decisions: Decisions, now: datetime
    ) -> None:
        """One chunk, written at once: two may be about the same account."""
        ids = list(dict.fromkeys(chunk.account_ids))
        if not ids:
            ids = await releases.claimed_by(connection, chunk.partition, chunk.import_id)
        written = Decisions()
        later: list[Claim] = []
        for part in slices(ids, releases.CHUNK_ROWS):
            known = await accounts.load(connection, part)
            claims = _claims(chunk, part, known)
            for account_id, requests in claims.items():
                self._one(chunk, known.get(account_id), account_id, requests, written, later)
                await asyncio.sleep(0)
        await self._scribe.write(connection, written, now=now)
        decisions.facts += written.facts
        decisions.due.update(written.due)
        if later:
            await releases.add(connection, [_again(chunk, later)], due_at=now + _wait(chunk.looks))

    def _one(
        self,
        chunk: Release,
        stored: Stored | None,
        account_id: UUID,
        requests: Sequence[UUID],
        decisions: Decisions,
        later: list[Claim],
    ) -> None:
        if stored is None:
            if chunk.looks < _LOOKS_FOR_UNKNOWN:  # its request may not be read yet
                later.extend((account_id, request) for request in requests)
            return
        facts, after = told(stored.account, [])
        for request in requests:
            if fate(after, request, chunk.cause) == "pending":
                later.append((account_id, request))
                continue
            more, after = told(after, release(after, request, chunk.cause, chunk.author))
            facts += more
        decisions.add(stored, facts, after)
        if after.needs_call and not stored.account.needs_call:
            decisions.queue(stored, after, fresh=False)


def _claims(chunk: Release, ids: Sequence[UUID], known: dict[UUID, Stored]) -> dict[UUID, list[UUID]]:
    """The requests to give up, by account."""
    if not chunk.account_ids:
        return {i: claims_of(known[i].account, chunk.import_id) for i in ids if i in known}
    wanted = set(ids)
    claims: dict[UUID, list[UUID]] = {}
    for account_id, request_id in zip(chunk.account_ids, chunk.request_ids, strict=True):
        if account_id in wanted:
            claims.setdefault(account_id, []).append(request_id)
    return claims


def _again(chunk: Release, claims: Sequence[Claim]) -> Release:
    account_ids, request_ids = zip(*claims, strict=True)
    return replace(
        chunk,
        release_id=uuid4(),
        account_ids=account_ids,
        request_ids=request_ids,
        looks=chunk.looks + 1,
    )


def _wait(looks: int) -> timedelta:
    return timedelta(seconds=min(_LONGEST_WAIT_S, 0.5 * 2 ** min(looks, 10)))
