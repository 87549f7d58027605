"""Callers between desk, gate and recorder."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from services.provisioner.account import Closing, Pending, Stored
from services.provisioner.account.outcome import Failed, Gone, Made, NotTried, Outcome, Unclear, Withheld
from services.provisioner.backends.outcomes import NotSent, NotSentCause, Refused, Unknown, UnknownCause
from services.provisioner.backends.protocol import Capabilities
from services.provisioner.courses.courses import Courses, Term
from services.provisioner.store.work import Chunk
from services.provisioner.target.gate import Gate
from services.provisioner.target.passage import Heard, Passage
from services.provisioner.work.arrays import Arrays
from services.provisioner.work.calling import Caller, heard, heard_together
from services.provisioner.work.desk import Desk, Item
from tests.fakes.backend import FakeTarget
from tests.unit.provisioner.accounts import (
    NOW,
    PROJECT,
    account_id_of,
    claim,
    email_of,
    new_account,
    requested,
    stored,
)

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
        self.courses = Courses(now=lambda: NOW)
        self.gate = Gate(clock=lambda: self.seconds)
        self.arrays = Arrays(target, at_once=2)
        self.desk = Desk(lease_seconds=3600, concurrency=4, clock=lambda: self.seconds, arrays=self.arrays)
        self.caller = Caller(
            desk=self.desk,
            gate=self.gate,
            backend=target,
            arrays=self.arrays,
            recorder=self.outcomes,  # type: ignore[arg-type]
            stops=self.stops,  # type: ignore[arg-type]
            courses=self.courses,
            timeout_s=1.0,
        )

    def put(self, *people: Stored) -> None:
        """One chunk more on the desk."""
        chunk = Chunk(uuid4(), 0, PROJECT.project_id, uuid4(), [one.account.account_id for one in people])
        self.desk.put([(chunk, people)])


@asynccontextmanager
async def at_work(target: FakeTarget, callers: int = 1) -> AsyncIterator[Place]:
    """Callers at work until the end of the block, and two more for arrays."""
    place = Place(target)
    tasks = [asyncio.create_task(place.caller.run()) for _ in range(callers)]
    tasks += [asyncio.create_task(place.caller.run_arrays()) for _ in range(place.arrays.at_once)]
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


async def test_a_course_that_ends_while_its_account_waits_at_the_gate() -> None:
    """It fails then and there: the account service may be away for hours."""
    target = FakeTarget(answers=[AWAY] * 5)
    async with at_work(target) as place:
        place.put(*(person(n) for n in range(1, 6)))
        await place.outcomes.count(5)
        place.put(person(6))
        async with asyncio.timeout(5):
            while place.desk._singles:  # until the caller waits at the gate
                await asyncio.sleep(0)
        assert place.courses.learn({PROJECT.project_id: Term(NOW)})
        place.gate.nudge()
        assert (await place.outcomes.count(6))[-1] == Failed("COURSE_ENDED", settles=False)
    assert target.calls == ["create"] * 5


async def test_work_taken_away_while_it_waits_does_not_block_the_rest() -> None:
    """The probe's account was forgotten: it is put back untried, and the next one probes."""
    target = FakeTarget(answers=[AWAY] * 5)
    async with at_work(target, callers=2) as place:
        place.put(*(person(n) for n in range(1, 6)))
        await place.outcomes.count(5)
        place.put(person(6), person(7))
        async with asyncio.timeout(5):
            while place.desk._singles:  # until both callers wait at the gate
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
            while place.desk._singles:  # until both callers wait at the gate
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


async def test_an_account_whose_lease_ran_out_is_not_called_for() -> None:
    """The process did nothing for longer than it holds work: somebody else may be calling for it now."""
    target = FakeTarget()
    async with at_work(target, callers=0) as place:
        place.put(person(1), person(2))
        place.seconds += 3600
        place.put(person(3))
        caller = asyncio.create_task(place.caller.run())
        assert await place.outcomes.count(2) == [None, Made("user0")]
        caller.cancel()
    assert target.effects == [email_of(3)]
    assert len(place.desk.late) == 1


ARRAYS = Capabilities(arrays=3, keys=True)


async def test_arrays_are_filled_and_each_account_has_its_outcome() -> None:
    """As many at once as the target takes; nobody waits for a full one."""
    target = FakeTarget(can=ARRAYS, answers=[Refused("BANNED", "No.")])
    async with at_work(target, callers=2) as place:
        place.put(*(person(n) for n in range(1, 8)))
        outcomes = await place.outcomes.count(7)
    assert Counter(type(outcome) for outcome in outcomes) == {Made: 6, Failed: 1}
    assert sorted(target.arrays, reverse=True) == [3, 3, 1]
    assert len(target.effects) == 6


async def test_only_plain_creates_go_together() -> None:
    """What is to be closed, or to be looked for first, has a call of its own."""
    target = FakeTarget(can=replace(ARRAYS, keys=False, declared=False))
    doubtful = stored(replace(new_account(2), standing=Pending(1, None, "X", effect_unknown=True)))
    closing = stored(replace(new_account(3), standing=Closing("ada")))
    async with at_work(target) as place:
        place.put(person(1), doubtful, closing, person(4))
        await place.outcomes.count(4)
    assert target.arrays == [2]
    assert sorted(target.calls) == ["close", "create", "create", "create", "look_up"]


async def test_a_stop_reaches_some_of_an_array_that_waits_at_the_gate() -> None:
    """They are let go at once; the others wait on, and are made in the end."""
    target = FakeTarget(can=ARRAYS, answers=[AWAY] * 5)
    async with at_work(target) as place:
        for n in range(1, 6):
            place.put(person(n))
            await place.outcomes.count(n)
        others = [stored(replace(new_account(n), creator=claim(2, n))) for n in (7, 8, 9)]
        place.put(person(6), others[0])
        async with asyncio.timeout(5):
            while place.desk._together:  # until all wait at the gate
                await asyncio.sleep(0)
        place.stops.add(claim(1).import_id)
        place.gate.nudge()
        assert (await place.outcomes.count(6))[5] == Withheld()
        place.put(others[1], others[2])
        place.seconds += 60
        place.gate.nudge()
        made = (await place.outcomes.count(9))[6:]
    assert made == [Made("user0"), Made("user1"), Made("user2")]


async def test_what_a_stopped_import_may_have_called_for_is_looked_for_alone() -> None:
    """Not asked for again: it is no plain create any more."""
    target = FakeTarget(can=replace(ARRAYS, look_up=True))
    async with at_work(target) as place:
        perhaps = person(4)
        place.stops.add(perhaps.account.creator.import_id)
        chunk = Chunk(uuid4(), 0, PROJECT.project_id, uuid4(), [perhaps.account.account_id], fresh=False)
        place.desk.put([(chunk, [perhaps])])
        assert await place.outcomes.count(1) == [Gone()]
    assert target.calls == ["look_up"]


async def test_nobody_is_to_blame_while_the_target_is_away() -> None:
    """An answer that never came counts against a row only while the target counts as up."""
    lost = Unknown(UnknownCause.TIMEOUT)
    target = FakeTarget(answers=[AWAY] * 5 + [lost])
    async with at_work(target) as place:
        place.put(*(person(n) for n in range(1, 6)))
        await place.outcomes.count(5)
        assert place.gate.shut
        place.seconds += 60
        place.put(person(6))
        place.gate.nudge()
        last = (await place.outcomes.count(6))[-1]
        assert isinstance(last, Unclear)
        assert last.counts is not place.gate.shut


def test_an_array_speaks_for_the_target_as_a_whole() -> None:
    """One answer in it shows that the target is there; the longest wish to be left alone holds for all."""
    away, busy, unclear = NotTried("TARGET_UNREACHABLE"), NotTried("TARGET_BUSY", 3.0), Unclear("X", 5.0)
    assert heard_together([away, Made("a")]).kind == "answered"
    assert heard(NotTried("TARGET_UNREACHABLE", unanswered=True)) == Heard("unclear")
    assert heard_together([away, unclear]) == Heard("unclear", 5.0)
    assert heard_together([busy, away]) == Heard("not_taken", 3.0)
    assert heard_together([away, away]) == Heard("not_taken", unreachable=True)


@pytest.mark.parametrize("code", ["TARGET_BUSY", "CLOSE_BUSY"])
def test_who_is_asked_to_wait_without_a_time_waits_a_second(code: str) -> None:
    """A 429 without Retry-After holds everybody back, not only its row."""
    assert heard(NotTried(code)) == Heard("not_taken", 1.0)
    assert heard(NotTried(code, 7.0)) == Heard("not_taken", 7.0)
    assert heard_together([Made("a"), NotTried(code)]).retry_after == 1.0
