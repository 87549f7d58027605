"""Callers between desk, gate and recorder."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID, uuid4

from services.provisioner.account import Stored
from services.provisioner.account.outcome import Failed, Gone, Made, NotTried, Outcome, Withheld
from services.provisioner.backends.outcomes import NotSent, NotSentCause
from services.provisioner.store.work import Chunk
from services.provisioner.target.gate import Gate
from services.provisioner.target.passage import Passage
from services.provisioner.work.calling import Caller
from services.provisioner.work.desk import Desk, Item
from tests.fakes.backend import FakeTarget
from tests.unit.provisioner.accounts import NOW, PROJECT, account_id_of, claim, new_account, requested, stored

AWAY = NotSent(NotSentCause.CONNECT_FAILED)


@dataclass
class Outcomes:
    """Takes outcomes as the recorder does."""

    found: list[tuple[UUID, Outcome | None]] = field(default_factory=list)

    def put(self, item: Item, outcome: Outcome | None) -> None:
        """One more."""
        self.found.append((item.stored.account.account_id, outcome))

    async def count(self, least: int) -> list[Outcome | None]:
        """All outcomes once there are so many."""
        async with asyncio.timeout(5):
            while len(self.found) < least:
                await asyncio.sleep(0)
        return [outcome for _, outcome in self.found]


def person(number: int, *, ended: bool = False) -> Stored:
    """A pending account; its course may have ended."""
    request = requested(person=number)
    if ended:
        request = replace(request, project=replace(PROJECT, end_date=date(2020, 1, 1)))
    return stored(new_account(number), request=request)


class Place:
    """A caller at work, with all it needs."""

    def __init__(self, target: FakeTarget) -> None:
        self.seconds = 100.0
        self.outcomes = Outcomes()
        self.stops: set[UUID] = set()
        self.gate = Gate(clock=lambda: self.seconds)
        self.desk = Desk(lease_seconds=10, concurrency=4, clock=lambda: self.seconds)
        self.caller = Caller(
            desk=self.desk,
            gate=self.gate,
            backend=target,
            recorder=self.outcomes,  # type: ignore[arg-type]
            stops=self.stops,  # type: ignore[arg-type]
            now=lambda: NOW,
            timeout_s=1.0,
        )

    def put(self, *people: Stored) -> None:
        """One chunk more on the desk."""
        chunk = Chunk(uuid4(), 0, PROJECT.project_id, uuid4(), [one.account.account_id for one in people])
        self.desk.put([(chunk, people)])


@asynccontextmanager
async def at_work(target: FakeTarget, callers: int = 1) -> AsyncIterator[Place]:
    """Callers at work until the end of the block."""
    place = Place(target)
    tasks = [asyncio.create_task(place.caller.run()) for _ in range(callers)]
    yield place
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_each_account_is_called_for_once() -> None:
    """Several callers, one outcome an account."""
    async with at_work(FakeTarget(), callers=3) as place:
        place.put(*(person(n) for n in range(1, 21)))
        outcomes = await place.outcomes.count(20)
    assert {type(outcome) for outcome in outcomes} == {Made}
    assert len({account_id for account_id, _ in place.outcomes.found}) == 20


async def test_an_ended_course_neither_waits_for_the_account_service_nor_speaks_for_it() -> None:
    """Behind a shut gate it fails at once, and the gate stays shut."""
    target = FakeTarget(answers=[AWAY] * 5)
    async with at_work(target) as place:
        place.put(*(person(n) for n in range(1, 6)))
        assert await place.outcomes.count(5) == [NotTried("TARGET_UNREACHABLE")] * 5
        assert place.gate.shut
        place.put(person(6, ended=True))
        assert (await place.outcomes.count(6))[-1] == Failed("COURSE_ENDED", settles=False)
        assert place.gate.shut
    assert target.calls == ["create"] * 5


async def test_work_taken_away_while_it_waits_does_not_block_the_rest() -> None:
    """The probe's account was forgotten: it is put back untried, and the next one probes."""
    target = FakeTarget(answers=[AWAY] * 5)
    async with at_work(target, callers=2) as place:
        place.put(*(person(n) for n in range(1, 6)))
        await place.outcomes.count(5)
        place.put(person(6), person(7))
        async with asyncio.timeout(5):
            while any(place.desk._queues.values()):  # until both callers wait at the gate
                await asyncio.sleep(0)
        place.desk.forget({0})
        place.put(person(8))
        place.seconds += 60
        place.gate.unused(Passage(probe=True))  # wakes who waits, so that nobody has to wait for a real pause
        await place.outcomes.count(8)
    assert dict(place.outcomes.found[5:]) == {
        account_id_of(6): None,
        account_id_of(7): None,
        account_id_of(8): Made("user0"),
    }


async def test_a_stopped_import_is_called_for_no_more() -> None:
    """Nobody has called for these accounts, and nobody will; what was perhaps called for is looked for."""
    target = FakeTarget()
    async with at_work(target) as place:
        perhaps = person(4)
        place.stops.add(perhaps.account.creator.import_id)
        place.put(person(1), person(2), person(3))
        chunk = Chunk(uuid4(), 0, PROJECT.project_id, uuid4(), [perhaps.account.account_id], fresh=False)
        place.desk.put([(chunk, [perhaps])])
        outcomes = await place.outcomes.count(4)
    assert Counter(outcomes) == {Withheld(): 3, Gone(): 1}
    assert target.calls == ["look_up"]


async def test_a_stop_reaches_who_waits_for_the_account_service() -> None:
    """Behind a shut gate the account is let go; another import's waits on, and is made in the end."""
    target = FakeTarget(answers=[AWAY] * 5)
    async with at_work(target, callers=2) as place:
        place.put(*(person(n) for n in range(1, 6)))
        await place.outcomes.count(5)
        other = stored(replace(new_account(7), creator=claim(2, 7)))
        place.put(person(6), other)
        async with asyncio.timeout(5):
            while any(place.desk._queues.values()):  # until both callers wait at the gate
                await asyncio.sleep(0)
        place.stops.add(claim(1).import_id)
        place.gate.nudge()
        assert (await place.outcomes.count(6))[5] == Withheld()
        place.seconds += 60
        place.gate.nudge()
        assert (await place.outcomes.count(7))[6] == Made("user0")


async def test_a_call_that_never_arrived_ends_as_a_cancel() -> None:
    """The stop came during the call: it had no effect for sure, so nothing is tried again."""
    target = FakeTarget(answers=[AWAY])
    async with at_work(target) as place:
        target.meanwhile = lambda: place.stops.add(claim(1).import_id)
        place.put(person(1))
        assert await place.outcomes.count(1) == [Withheld()]
