"""The gate of one process: waits instead of failing, one probe at a time, up again at an answer. The clock is ours."""

import asyncio
from itertools import count

import pytest

from services.provisioner.target import breaker
from services.provisioner.target.gate import Gate
from services.provisioner.target.passage import Heard, Passage

AWAY = Heard("not_taken", unreachable=True)
ANSWERED = Heard("answered")


class Clock:
    """Seconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Now."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """At some time."""
    return Clock()


@pytest.fixture
def gate(clock: Clock) -> Gate:
    """An open gate, alone."""
    return Gate(clock=clock, timeout_s=30.0)


async def call(gate: Gate, heard: Heard, row: object = None) -> bool:
    """A call from passage to report."""
    return gate.report(await gate.passage(row=row), heard)


async def shut(gate: Gate, heard: Heard = AWAY, times: int = 5) -> None:
    """Shut it by as many calls as it takes, all under way at once."""
    passages = [await gate.passage(row=number) for number in range(times)]
    for passage in passages:
        gate.report(passage, heard)
    assert gate.shut


async def waits(passage: "asyncio.Task[Passage]") -> bool:
    """Whether it still waits once all that could run has run."""
    for _ in range(10):
        await asyncio.sleep(0)
    return not passage.done()


async def probe(gate: Gate) -> Passage:
    """The passage of a probe, which must be free at once."""
    async with asyncio.timeout(5):
        passage = await gate.passage()
    assert passage.probe
    return passage


async def test_it_shuts_after_five_calls_in_a_row_that_never_arrived(gate: Gate) -> None:
    """Four, an answer, and four again leave it open."""
    for heard in [AWAY] * 4 + [ANSWERED] + [AWAY] * 4:
        assert await call(gate, heard, row="the same")
    assert not gate.shut
    assert not await call(gate, AWAY, row="the same")
    assert gate.shut


@pytest.mark.parametrize("heard", [Heard("unclear"), Heard("not_taken")], ids=["unclear", "not taken"])
async def test_it_shuts_when_the_last_twenty_got_no_answer(gate: Gate, heard: Heard) -> None:
    """Nineteen and an answer do not; calls of four rows alone never do."""
    rows = count()
    for one in [heard] * 19 + [ANSWERED] + [heard] * 19:
        assert await call(gate, one, row=next(rows))
    assert not await call(gate, heard, row=next(rows))
    poisoned = Gate(clock=lambda: 0.0)
    assert all([await call(poisoned, heard, row=number % 4) for number in range(200)])


async def test_it_shuts_when_calls_hang(gate: Gate, clock: Clock) -> None:
    """A few callers whose calls run out of time twice over are enough."""
    for round_ in range(2):
        clock.now += 30.0
        for row in range(4):
            await call(gate, Heard("unclear"), row=(round_, row))
    assert gate.shut


@pytest.mark.parametrize(
    ("heard", "code"),
    [
        (AWAY, "TARGET_UNREACHABLE"),
        (Heard("not_taken", unreachable=True, refuses_us=True), "TARGET_NOT_USABLE"),
    ],
)
async def test_it_says_whether_waiting_alone_helps(gate: Gate, heard: Heard, code: str) -> None:
    """Wrong credentials are another matter than a service that is away: somebody has to mend them."""
    await shut(gate, heard)
    assert gate.target.code == code


async def test_one_wish_in_an_array_that_was_answered_holds_all_back(gate: Gate) -> None:
    """Others in it were made, so it is up; it is left alone all the same."""
    assert await call(gate, Heard("answered", 2.0))
    assert (gate.target.standing, gate.target.code) == ("held", "TARGET_BUSY")


async def test_one_probe_at_a_time(gate: Gate, clock: Clock) -> None:
    """When the pause is over one call passes as the probe; the others wait for what it comes to."""
    await shut(gate)
    early = asyncio.create_task(gate.passage())
    assert await waits(early)
    clock.now += 0.5
    passage = await probe(gate)
    other = asyncio.create_task(gate.passage())
    assert await waits(other)
    gate.report(passage, ANSWERED)
    assert not (await early).probe
    assert not (await other).probe
    assert gate.under_way == 2


async def test_a_probe_without_an_answer_doubles_the_pause_up_to_a_quarter_of_a_minute(
    gate: Gate, clock: Clock
) -> None:
    """Half a second, one, two … fifteen; unclear keeps it shut, and counts against no row; an answer begins anew."""
    await shut(gate)
    for pause in [0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0]:
        clock.now += pause - 0.001
        early = asyncio.create_task(gate.passage())
        assert await waits(early)
        early.cancel()
        clock.now += 0.002
        assert not gate.report(await probe(gate), Heard("unclear"))
    clock.now += 15
    assert gate.report(await probe(gate), ANSWERED)
    await shut(gate)
    clock.now += 0.501
    await probe(gate)


async def test_calls_from_before_do_not_speak_for_the_probe(gate: Gate, clock: Clock) -> None:
    """Calls that were under way when it shut may be answered or not; there is still one probe, and it decides."""
    late = [await gate.passage() for _ in range(22)]
    await shut(gate)
    clock.now += 0.5
    passage = await probe(gate)
    for number, one in enumerate(late):
        assert not gate.report(one, ANSWERED if number % 2 else AWAY)
    clock.now += 60
    second = asyncio.create_task(gate.passage())
    assert await waits(second)
    gate.report(passage, ANSWERED)
    assert not (await second).probe


async def test_a_passage_nobody_used_lets_the_next_probe(gate: Gate, clock: Clock) -> None:
    """The probe's account was taken away from us before the call: others must not wait for ever."""
    await shut(gate)
    clock.now += 0.5
    passage = await probe(gate)
    other = asyncio.create_task(gate.passage())
    assert await waits(other)
    gate.unused(passage)
    assert (await other).probe


async def test_another_row_probes_next(gate: Gate, clock: Clock) -> None:
    """A row that gets no answer whatever happens must not keep everybody waiting: each has its turn."""
    await shut(gate)
    clock.now += 0.5
    gate.report(await gate.passage(row="poison"), Heard("unclear"))
    poison = asyncio.create_task(gate.passage(row="poison"))
    healthy = asyncio.create_task(gate.passage(row="healthy"))
    assert await waits(poison)
    clock.now += 1.0
    gate.nudge()
    assert (await healthy).probe
    gate.unused(healthy.result())
    assert (await poison).probe


async def test_the_targets_wish_holds_all_calls_back(gate: Gate, clock: Clock) -> None:
    """One call that is told to come back in ten seconds is enough; then all go on, without a probe."""
    assert await call(gate, Heard("not_taken", 10.0))
    assert gate.shut
    early = asyncio.create_task(gate.passage())
    clock.now += 9.999
    assert await waits(early)
    clock.now += 0.002
    gate.nudge()
    assert not (await early).probe
    assert not (await gate.passage()).probe


async def test_the_targets_wish_puts_off_the_probe(gate: Gate, clock: Clock) -> None:
    """Told to come back in twenty seconds, a probe fails; the next is not made before."""
    await shut(gate)
    clock.now += 0.5
    gate.report(await probe(gate), Heard("not_taken", 20.0))
    clock.now += 19.999
    late = asyncio.create_task(gate.passage())
    assert await waits(late)
    late.cancel()
    clock.now += 0.002
    await probe(gate)


async def test_who_gave_up_waits_no_longer(gate: Gate) -> None:
    """At the next nudge; the passage it gets is not used."""
    await shut(gate)
    gone: list[str] = []
    passage = asyncio.create_task(gate.passage(lambda: bool(gone)))
    assert await waits(passage)
    gone.append("gone")
    gate.nudge()
    gate.unused(await passage)
    assert gate.under_way == 0


async def test_an_operators_pause_outlives_answers(gate: Gate, clock: Clock) -> None:
    """Calls under way may be answered: nobody passes before the operator says so, not even a probe."""
    under_way = await gate.passage()
    gate.known.change(lambda target, now: breaker.stop(target, now, author="operator", reason="moving house"))
    gate.report(under_way, ANSWERED)
    waiting = asyncio.create_task(gate.passage())
    clock.now += 3600
    gate.nudge()
    assert await waits(waiting)
    gate.known.change(breaker.resume)
    assert not (await waiting).probe


async def test_waiters_wake_by_themselves() -> None:
    """With a real clock: after a pause somebody probes without being told."""
    loop = asyncio.get_running_loop()
    gate = Gate(clock=loop.time)
    await shut(gate)
    await probe(gate)


async def test_a_probe_is_ours_only_once_the_shared_row_says_so(gate: Gate, clock: Clock) -> None:
    """Seeing the row as it was before our wish does not make the wish come true; seeing it granted does."""
    gate.known.shared = True
    await shut(gate)
    gate.known.see(gate.target, done=1)
    clock.now += 0.5
    waiting = asyncio.create_task(gate.passage())
    assert await waits(waiting)
    (wish,) = gate.known.changes
    before = gate.target
    gate.known.see(before)
    gate.look_again()
    assert await waits(waiting)
    gate.known.see(wish(before, gate.clock.now()), done=len(gate.known.changes))
    assert (await waiting).probe
