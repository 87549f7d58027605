"""Two gates and one row, on a real PostgreSQL: what one copy finds out holds for both."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest

from schemas import codec
from schemas.facts import TargetPaused, TargetResumed
from services.common.database import Pool, transaction
from services.common.loops import forever
from services.provisioner.facts import target_partition
from services.provisioner.store import outbox, targets
from services.provisioner.target import breaker
from services.provisioner.target.gate import Gate
from services.provisioner.target.keeper import Keeper
from services.provisioner.target.passage import Heard, Passage
from tests.support.waiting import until

NAME = "account-service"
PARTITION = target_partition(NAME)
AWAY = Heard("not_taken", unreachable=True)
ANSWERED = Heard("answered")


class Copy:
    """What one process has of the target."""

    def __init__(self, pool: Pool, *, owns: bool = False, rate: float | None = None) -> None:
        self.gate = Gate(clock=monotonic, name=NAME, rate=rate)
        live = frozenset({PARTITION} if owns else ())
        self.keeper = Keeper(gate=self.gate, pool=pool, live=lambda: live, decided=lambda: None)
        self._tasks: list[asyncio.Task[None]] = []

    async def run(self) -> None:
        """As bootstrap does."""
        await self.keeper.start()
        self._tasks = [
            asyncio.create_task(forever("target", self.keeper.step)),
            asyncio.create_task(forever("reserve", self.keeper.reserve_step)),
            asyncio.create_task(self.gate.pacer.run()),
        ]

    async def freeze(self) -> None:
        """Stop it in the middle of everything."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def find_away(self) -> None:
        """Five calls that do not arrive."""
        for _ in range(5):
            self.gate.report(await self.gate.passage(), AWAY)

    async def probe(self) -> Passage:
        """The passage of a probe."""
        async with asyncio.timeout(20):
            passage = await self.gate.passage()
        assert passage.probe
        return passage


Start = Callable[..., Awaitable[Copy]]


@pytest.fixture
async def copy(pool: Pool) -> AsyncIterator[Start]:
    """Starts copies; they end with the test."""
    async with AsyncExitStack() as stack:

        async def start(**options: object) -> Copy:
            copy = Copy(pool, **options)  # type: ignore[arg-type]
            await copy.run()
            stack.push_async_callback(copy.freeze)
            return copy

        yield start


async def seen(condition: Callable[[], bool], what: str, *, within_s: float = 5.0) -> None:
    """Wait until a gate knows."""

    async def holds() -> bool:
        return condition()

    await until(holds, what, within_s=within_s)


async def told(pool: Pool) -> list[TargetPaused | TargetResumed]:
    """The facts that wait in the outbox."""
    async with pool.acquire() as connection:
        batches = await outbox.next_batches(connection, range(12), 100)
    found = []
    for batch in batches:
        for message in batch.messages:
            fact = codec.decode(message.headers, message.value).fact
            assert isinstance(fact, TargetPaused | TargetResumed)
            assert message.partition == PARTITION
            found.append(fact)
    return found


async def test_copies_open_and_close_together_with_one_probe_at_a_time(copy: Start) -> None:
    """What one finds out, both know within a second; of all who wait in both, one at a time asks."""
    first, second = await copy(), await copy()
    await first.find_away()
    assert first.gate.shut
    await seen(lambda: second.gate.shut, "the other copy to know")
    probing: list[int] = []
    most = probes = passed = 0
    up = asyncio.Event()

    async def caller(gate: Gate) -> None:
        nonlocal most, probes, passed
        while True:
            passage = await gate.passage()
            if not passage.probe:
                passed += 1
                return
            probing.append(1)
            most, probes = max(most, len(probing)), probes + 1
            await asyncio.sleep(0)
            probing.pop()
            if probes == 2:
                up.set()
            gate.report(passage, ANSWERED if up.is_set() else AWAY)

    async with asyncio.timeout(20):
        await asyncio.gather(*(caller(one.gate) for one in (first, second) for _ in range(8)))
    assert most == 1
    assert (probes, passed) == (2, 15 + 1)
    assert not any(one.gate.shut for one in (first, second))


async def test_a_probe_in_a_frozen_process_is_made_by_another(copy: Start, pool: Pool) -> None:
    """When its lease is over; and what the frozen one says when it wakes counts no more."""
    first, second = await copy(), await copy()
    await first.find_away()
    frozen = await first.probe()
    await first.freeze()
    await seen(lambda: second.gate.shut, "the other copy to know")
    waiting = asyncio.create_task(second.probe())
    await pool.execute("UPDATE targets SET probe_until = clock_timestamp()")  # five seconds pass
    await waiting
    await first.run()
    first.gate.report(frozen, ANSWERED)
    await seen(lambda: not first.gate.known.changes, "the late answer to be heard")
    assert second.gate.shut
    assert second.gate.report(waiting.result(), ANSWERED)
    await seen(lambda: not first.gate.shut, "the first copy to know")


async def test_the_targets_wish_holds_all_copies_back(copy: Start) -> None:
    """A Retry-After that one copy hears is obeyed by the other, and over by itself."""
    first, second = await copy(), await copy()
    began = monotonic()
    first.gate.report(await first.gate.passage(), Heard("not_taken", 3.0))
    await seen(lambda: second.gate.shut, "the other copy to know", within_s=2.9)
    async with asyncio.timeout(10):
        assert not (await second.gate.passage()).probe
    assert monotonic() - began > 2.9


async def test_an_operators_pause_reaches_all_copies(copy: Start, pool: Pool) -> None:
    """Set in the row by one copy's API; also for who waits for a slot of the rate."""
    first, second = await copy(), await copy(rate=1.0)
    await second.gate.passage()
    waiting = asyncio.create_task(second.gate.passage())
    first.gate.known.change(lambda target, now: breaker.stop(target, now, author="operator", reason="moving"))
    await seen(lambda: second.gate.shut, "the pause to take hold")
    first.gate.known.change(breaker.resume)
    async with asyncio.timeout(5):
        assert not (await waiting).probe


async def test_pauses_are_told_once_by_the_owner_of_their_partition(copy: Start, pool: Pool) -> None:
    """Short ones are not told; a long one is, with its next try; numbers ascend, also over emptied tables."""
    owner, other = await copy(owns=True), await copy()
    other.gate.report(await other.gate.passage(), Heard("not_taken", 1.0))
    await seen(lambda: owner.gate.shut, "the short hold to be known")
    await seen(lambda: not owner.gate.shut, "its end")
    other.gate.report(await other.gate.passage(), Heard("not_taken", 30.0))
    await seen(lambda: owner.gate.target.told.change == 1, "the long hold to be told")
    other.gate.known.change(breaker.resume)
    await seen(lambda: other.gate.target.told.change == 2, "its end to be told")
    paused, resumed = await told(pool)
    assert isinstance(paused, TargetPaused)
    assert (paused.change, paused.reason) == (1, "TARGET_BUSY")
    assert paused.next_probe_at is not None
    assert abs(paused.next_probe_at - paused.since - timedelta(seconds=30)) < timedelta(seconds=1)
    assert isinstance(resumed, TargetResumed)
    assert resumed.change == 2


async def test_what_was_told_is_learned_from_the_log(copy: Start, pool: Pool) -> None:
    """Emptied tables: the number goes on, an operator's pause holds again, an older fact changes nothing."""
    since = datetime(2026, 9, 1, tzinfo=UTC)
    facts: list[TargetPaused | TargetResumed] = [
        TargetPaused(target=NAME, change=7, since=since, reason="PAUSED_BY_OPERATOR"),
        TargetResumed(target=NAME, change=6, since=since),
    ]
    async with transaction(pool) as connection:
        await targets.learn(connection, facts)
    healed = await copy(owns=True)
    await seen(lambda: healed.gate.shut, "the pause to hold again")
    assert await told(pool) == []
    healed.gate.known.change(breaker.resume)
    await seen(lambda: healed.gate.target.told.change == 8, "its end to be told")


async def test_copies_share_the_rate(copy: Start) -> None:
    """Two busy copies together call no more often than they may, and not much less; each has its share.

    How evenly, whoever is late, is for the unit tests of slots: here the machine is late as it likes.
    """
    rate = 40.0
    calls: list[tuple[float, int]] = []
    copies = [await copy(rate=rate), await copy(rate=rate)]

    async def caller(number: int) -> None:
        while True:
            await copies[number].gate.passage()
            calls.append((monotonic(), number))

    async with at_work([caller(number) for number in (0, 1) for _ in range(8)]):
        await seen(lambda: len(calls) > 3 * rate, "three seconds' calls", within_s=20)
    used = (len(calls) - 1) / (calls[-1][0] - calls[0][0])
    assert rate / 2 <= used <= rate
    assert {number for _, number in calls} == {0, 1}


async def test_another_rate_takes_hold_at_run_time(copy: Start, pool: Pool) -> None:
    """From one call in ten seconds to none in the way: who waits for a slot of before waits no longer."""
    slow = await copy(rate=0.1)
    await slow.gate.passage()
    waiting = asyncio.create_task(slow.gate.passage())
    async with pool.acquire() as connection:
        await targets.limit(connection, NAME, None, pause=0.5)
    async with asyncio.timeout(5):
        await waiting


@asynccontextmanager
async def at_work(work: list[object]) -> AsyncIterator[None]:
    """Run coroutines until the end of the block."""
    tasks = [asyncio.ensure_future(one) for one in work]  # type: ignore[call-overload]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
