"""Cancelling what stopped imports asked for: in batches, without calls, past the gate."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import structlog

from services.common.database import ACQUIRE_TIMEOUT_S, Pool, transaction
from services.common.loops import woken
from services.provisioner import metrics
from services.provisioner.account import Stored, stop
from services.provisioner.account.outcome import Withheld
from services.provisioner.store import accounts, work
from services.provisioner.store.work import Chunk
from services.provisioner.target.gate import Gate
from services.provisioner.work.deciding import Decisions, Scribe, slices
from services.provisioner.work.desk import Desk
from services.provisioner.work.recording import Recorder
from services.provisioner.work.stops import Stops

logger = structlog.get_logger(__name__)

_LOOK_EVERY_S = 0.5
_BATCH = 600
_SLICE = 100


class Stopper:
    """Ends what must not start, of the partitions that are ours."""

    def __init__(
        self,
        *,
        pool: Pool,
        desk: Desk,
        gate: Gate,
        stops: Stops,
        recorder: Recorder,
        scribe: Scribe,
        now: Callable[[], datetime],
    ) -> None:
        """Prepare; listens to `stops` from now on."""
        self._pool = pool
        self._desk = desk
        self._gate = gate
        self._stops = stops
        self._recorder = recorder
        self._scribe = scribe
        self._now = now
        self._wake = asyncio.Event()
        self._known: set[UUID] = set()
        self._searched: dict[int, set[UUID]] = {}
        stops.tell(self._stopped)

    def _stopped(self, news: set[UUID]) -> None:
        """At once: nothing that is in our hands waits any longer, neither in its turn nor at the gate."""
        self._known |= news
        for item in self._desk.pull(news):
            self._recorder.put(item, Withheld())
        self._gate.nudge()
        self._wake.set()

    async def step(self) -> None:
        """Wait until told, or for half a second, then cancel all there is to cancel."""
        await woken(self._wake, within_s=_LOOK_EVERY_S)
        live = self._desk.live
        if not live or not self._known or not self._desk.settled:
            return
        await self._cancel_followers(live)
        while await self._cancel_queued(live):
            live = self._desk.live

    async def _cancel_queued(self, live: frozenset[int]) -> bool:
        """One batch of chunks that nobody held; whether there was any."""
        async with transaction(self._pool) as connection:
            chunks = await work.take_stopped(connection, live, self._known, accounts=_BATCH)
            if not chunks:
                return False
            known = await accounts.load(connection, [i for chunk in chunks for i in chunk.account_ids])
            decisions = Decisions()
            seen: set[UUID] = set()
            for chunk in chunks:
                await self._decide(chunk, known, decisions, seen)
            await self._scribe.write(connection, decisions, now=self._now())
        self._tell(decisions)
        return True

    async def _decide(
        self, chunk: Chunk, known: dict[UUID, Stored], decisions: Decisions, seen: set[UUID]
    ) -> None:
        for ids in slices(chunk.account_ids, _SLICE):
            for account_id in ids:
                stored = known.get(account_id)
                if stored is None or account_id in seen:
                    continue
                seen.add(account_id)
                certain = not self._desk.holds(account_id)
                facts, after = stop(stored.account, self._stops, self._now(), no_effect=certain)
                decisions.add(stored, facts, after)
                if after.needs_call or after.needs_answer:
                    # Another import's, which goes on; or in doubt, or to be closed: for whoever claims it.
                    ours_no_more = after.creator.import_id not in self._stops
                    decisions.queue(stored, after, fresh=certain and ours_no_more and not after.in_doubt)
            await asyncio.sleep(0)

    async def _cancel_followers(self, live: frozenset[int]) -> None:
        """Their claims on accounts that other imports are having made; once for each stop and partition."""
        todo = {here: self._known - self._searched.get(here, set()) for here in live}
        self._searched = {here: done for here, done in self._searched.items() if here in live}
        imports = set().union(*todo.values())
        if not imports:
            return
        async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
            found = await accounts.followed_by(connection, live, imports)
        for ids in slices(found, _BATCH):
            async with transaction(self._pool) as connection:
                decisions = Decisions()
                for stored in (await accounts.load(connection, ids)).values():
                    facts, after = stop(stored.account, self._stops, self._now(), no_effect=False)
                    decisions.add(stored, facts, after)
                await self._scribe.write(connection, decisions, now=self._now())
            self._tell(decisions)
        for here, news in todo.items():
            self._searched.setdefault(here, set()).update(news)

    def _tell(self, decisions: Decisions) -> None:
        self._scribe.tell(decisions)
        metrics.CANCELLED.inc(len(decisions.facts))
        logger.info("claims_cancelled", count=len(decisions.facts))
