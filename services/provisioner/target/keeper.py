"""Shares what a gate knows with all copies: through the row of its target, several times a second.

The row is changed under its lock, by the same pure changes the gate made on what it knew; whoever comes too late
changes nothing. Only the owner of the partition in which its facts stand tells the log, and relays it.
"""

from collections.abc import Callable
from datetime import datetime
from time import monotonic

import structlog

from services.common.database import ACQUIRE_TIMEOUT_S, Connection, Pool, transaction
from services.common.loops import woken
from services.provisioner import metrics
from services.provisioner.facts import encode_target, target_partition
from services.provisioner.store import outbox, targets
from services.provisioner.store.targets import Seen
from services.provisioner.target import breaker
from services.provisioner.target.gate import PROBE_LEASE_S, REFUSES_US, Gate
from services.provisioner.target.slots import Rate
from services.provisioner.target.state import Target
from services.provisioner.target.telling import tell

logger = structlog.get_logger(__name__)

_LOOK_EVERY_S = 0.25
_SAY_EVERY_S = 1.0
_FIRST_LOOKS = 5
_STANDINGS = ("up", "held", "down")


class Keeper:
    """Keeps one gate and the shared row the same."""

    def __init__(
        self,
        *,
        gate: Gate,
        pool: Pool,
        live: Callable[[], frozenset[int]],
        decided: Callable[[], None],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Prepare.

        Args:
            gate: of this process; from now on it shares what it decides.
            pool: the provisioner's tables.
            live: partitions that are ours and read to their ends.
            decided: told after a commit that put facts into the outbox.
            clock: monotonic seconds, as the gate's.
        """
        self._gate = gate
        self.name = gate.target.name
        self.rate = gate.target.rate
        self._pool = pool
        self._live = live
        self._decided = decided
        self._clock = clock
        self._partition = target_partition(self.name)
        self._highest = 0
        self._said = float("-inf")
        gate.known.shared = True

    async def step(self) -> None:
        """Wait until something is to be changed, or a quarter of a second; then change it, or look."""
        await woken(self._gate.known.wanted, within_s=_LOOK_EVERY_S)
        await self.look()

    def wake(self) -> None:
        """Somebody changed the row: see it at once."""
        self._gate.known.wanted.set()

    async def start(self) -> None:
        """See the row for the first time: often enough to know the database's clock well."""
        for _ in range(_FIRST_LOOKS):
            await self.look()

    async def look(self) -> None:
        """Change the row as the gate wants, or see what others made of it."""
        if not self._gate.known.changes:
            async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
                seen = await self._sampled(targets.read, connection)
            self._see(seen.target)
        else:
            seen = None
        if seen is None or self._due(seen):
            await self._change()
        if self._clock() - self._said >= _SAY_EVERY_S:
            await self._say()

    async def _change(self) -> None:
        changes = self._gate.known.changes
        async with transaction(self._pool) as connection:
            before, now = await self._sampled(targets.lock, connection)
            target = before
            for change in changes:
                target = change(target, now)
            target = self._housekeeping(target, now)
            target, fact = tell(target, now) if self._may_tell(target) else (target, None)
            if target != before:
                await targets.write(connection, target)
            if fact is not None:
                await outbox.add(connection, [(self._partition, encode_target(fact, time=now))])
        self._see(target, done=len(changes))
        self._highest = max(self._highest, target.told.change)
        if fact is not None:
            self._decided()
            logger.info("target_told", type=fact.TYPE, change=fact.change)
        if (target.standing, target.stop is None) != (before.standing, before.stop is None):
            say = logger.error if target.code == REFUSES_US else logger.info
            say("target_changed", standing=target.standing, code=target.code)

    def _see(self, target: Target, done: int = 0) -> None:
        self._gate.known.see(target, done)
        self._gate.look_again()

    def _housekeeping(self, target: Target, now: datetime) -> Target:
        """What is due by itself: the end of a hold, the lease of our probe."""
        target = breaker.elapse(target, now)
        if breaker.is_probing(target, self._gate.owner):
            if self._gate.probe_is_wanted() is False:
                return breaker.release(target, now, owner=self._gate.owner)
            return breaker.lease(target, now, owner=self._gate.owner, seconds=PROBE_LEASE_S)
        return target

    def _due(self, seen: Seen) -> bool:
        target, now = seen
        self._highest = max(self._highest, target.told.change)
        if breaker.elapse(target, now) is not target:
            return True
        kept = self._gate.probe_is_wanted()
        if kept is False:
            return True
        probe = target.probe
        if kept and probe is not None and (probe.until - now).total_seconds() < PROBE_LEASE_S * 0.6:
            return True
        return self._may_tell(target) and tell(target, now)[1] is not None

    def _may_tell(self, target: Target) -> bool:
        """Whether the facts are ours to tell, and the row knows all that were told."""
        return self._partition in self._live() and target.told.change >= self._highest

    async def reserve(self, rate: Rate, count: int) -> float:
        """Reserve slots; when the first is, in seconds of our clock."""
        length = rate.length(count)
        asked = self._clock()
        async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
            first, now = await targets.reserve(connection, self.name, length)
        self._gate.clock.sample(asked, self._clock(), now)
        return self._gate.clock.local(first)

    async def reserve_step(self) -> None:
        """Wait until slots are wanted, then reserve them."""
        await self._gate.pacer.reserve(self.reserve)

    async def _sampled(self, query: targets.Query, connection: Connection) -> Seen:
        asked = self._clock()
        seen = await query(connection, self.name, rate=self.rate)
        self._gate.clock.sample(asked, self._clock(), seen.now)
        return seen

    async def _say(self) -> None:
        target = self._gate.target
        metrics.TARGET_STATE.set(_STANDINGS.index(target.standing))
        metrics.TARGET_RATE.set(target.rate or 0)
        async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
            await targets.seen(
                connection,
                self.name,
                self._gate.owner,
                self._gate.under_way,
                self._gate.recent.counts(),
            )
        self._said = self._clock()
