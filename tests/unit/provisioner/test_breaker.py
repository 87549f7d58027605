"""What changes a target, as tables; and a machine that tries every order of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from schemas.facts import TargetPaused, TargetResumed
from services.provisioner.target import breaker
from services.provisioner.target.state import Target, Told
from services.provisioner.target.telling import BY_OPERATOR, learn, tell

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
A, B = UUID(int=1), UUID(int=2)
UP = Target("target", NOW)


def after(seconds: float) -> datetime:
    """So many seconds from now."""
    return NOW + timedelta(seconds=seconds)


DOWN = breaker.trip(UP, NOW, code="TARGET_UNREACHABLE")
HELD = breaker.hold(UP, NOW, code="TARGET_BUSY", retry_after=10)
PROBED = breaker.lease(DOWN, after(0.5), owner=A, seconds=5)
STOPPED = breaker.stop(UP, NOW, author="mari", reason="moving")

Next = Callable[[Target], Target]


@pytest.mark.parametrize(
    ("before", "change", "standing", "next_at"),
    [
        (UP, lambda t: breaker.trip(t, NOW, code="X", retry_after=3), "down", 3.0),
        (HELD, lambda t: breaker.trip(t, after(1), code="X"), "down", 10.0),
        (DOWN, lambda t: breaker.trip(t, after(0.1), code="Y"), "down", 0.5),
        (HELD, lambda t: breaker.hold(t, after(1), code="X", retry_after=2), "held", 10.0),
        (HELD, lambda t: breaker.hold(t, after(1), code="X", retry_after=20), "held", 21.0),
        (UP, lambda t: breaker.hold(t, NOW, code="X", retry_after=1e9), "held", 3600.0),
        (DOWN, lambda t: breaker.hold(t, NOW, code="X", retry_after=20), "down", 20.0),
        (HELD, lambda t: breaker.elapse(t, after(9)), "held", 10.0),
        (HELD, lambda t: breaker.elapse(t, after(10)), "up", None),
        (DOWN, lambda t: breaker.elapse(t, after(10)), "down", 0.5),
        (PROBED, lambda t: breaker.probed(t, after(1), owner=A, answered=True), "up", None),
        (PROBED, lambda t: breaker.probed(t, after(1), owner=A, answered=False), "down", 2.0),
        (PROBED, lambda t: breaker.probed(t, after(1), owner=B, answered=True), "down", 0.5),
        (DOWN, lambda t: breaker.probed(t, after(1), owner=A, answered=True), "down", 0.5),
        (STOPPED, lambda t: breaker.resume(t, after(1)), "up", None),
        (HELD, lambda t: breaker.resume(t, after(1)), "up", None),
        (DOWN, lambda t: breaker.resume(t, after(0.1)), "down", 0.1),
    ],
)
def test_how_it_stands_after_a_change(
    before: Target, change: Next, standing: str, next_at: float | None
) -> None:
    """Standing, and when it is called again, in seconds from now."""
    found = change(before)
    assert found.standing == standing
    assert found.next_at == (None if next_at is None else after(next_at))


@pytest.mark.parametrize(
    ("before", "owner", "at", "holder"),
    [
        (UP, A, 1.0, None),
        (DOWN, A, 0.4, None),
        (DOWN, A, 0.5, A),
        (PROBED, B, 5.4, A),
        (PROBED, B, 5.5, B),
        (PROBED, A, 1.0, A),
        (breaker.stop(DOWN, NOW, author="", reason=""), A, 1.0, None),
        (breaker.release(PROBED, NOW, owner=A), B, 1.0, B),
        (breaker.release(PROBED, NOW, owner=B), B, 1.0, A),
    ],
)
def test_who_holds_the_probe(before: Target, owner: UUID, at: float, holder: UUID | None) -> None:
    """When it is due, one process; another only when the lease has run out, or was given back."""
    found = breaker.lease(before, after(at), owner=owner, seconds=5)
    assert (found.probe and found.probe.owner) == holder


def test_a_hold_lasts_since_its_first_wish_until_it_is_over() -> None:
    """A wish before its end prolongs it; one after its end, though nobody noticed the end, begins another."""
    longer = breaker.hold(HELD, after(9), code="TARGET_BUSY", retry_after=10)
    assert (longer.since, longer.next_at) == (NOW, after(19))
    another = breaker.hold(HELD, after(11), code="TARGET_BUSY", retry_after=10)
    assert (another.since, another.next_at) == (after(11), after(21))


def test_a_second_pause_keeps_the_first() -> None:
    """Its author, reason and time."""
    assert breaker.stop(STOPPED, after(5), author="jan", reason="again") is STOPPED


LONG = breaker.hold(UP, NOW, code="TARGET_BUSY", retry_after=30)
TOLD, _ = tell(LONG, NOW)


@pytest.mark.parametrize(
    ("target", "at", "fact"),
    [
        (UP, 0.0, None),
        (DOWN, 1.9, None),
        (DOWN, 2.0, "TARGET_UNREACHABLE"),
        (LONG, 0.0, "TARGET_BUSY"),
        (TOLD, 29.0, None),
        (breaker.hold(TOLD, after(29), code="TARGET_BUSY", retry_after=30), 29.0, None),
        (breaker.hold(TOLD, after(30), code="TARGET_BUSY", retry_after=30), 30.0, "TARGET_BUSY"),
        (breaker.trip(TOLD, after(30), code="TARGET_UNREACHABLE"), 30.0, "TARGET_UNREACHABLE"),
        (STOPPED, 0.0, BY_OPERATOR),
        (breaker.stop(TOLD, NOW, author="", reason=""), 0.0, BY_OPERATOR),
        (breaker.elapse(TOLD, after(30)), 30.0, "resumed"),
    ],
)
def test_what_is_told(target: Target, at: float, fact: str | None) -> None:
    """Not what is over in a moment; at once what is not; again when another reason or a new next try is known."""
    then, told = tell(target, after(at))
    found = "resumed" if isinstance(told, TargetResumed) else told and told.reason
    assert found == fact
    assert then.told.change == target.told.change + (fact is not None)
    assert tell(then, after(at)) == (then, None)


def test_what_was_told_is_learned() -> None:
    """The number goes on; an operator's pause holds again; what was waited for otherwise is found out again."""
    paused = TargetPaused(target="target", change=4, since=NOW, reason=BY_OPERATOR)
    found = learn(UP, paused)
    assert (found.told, found.stop is not None) == (Told(4, BY_OPERATOR), True)
    assert learn(found, paused) is found
    assert learn(found, TargetResumed(target="target", change=5, since=NOW)).stop is None
    busy = learn(UP, TargetPaused(target="target", change=4, since=NOW, reason="TARGET_BUSY"))
    _, fact = tell(busy, NOW)
    assert isinstance(fact, TargetResumed)
    assert fact.change == 5


class Copies(RuleBasedStateMachine):
    """Two copies, an operator and a target, in any order; one row."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.target = UP
        self.facts: list[TargetPaused | TargetResumed] = []

    @rule(seconds=st.sampled_from([0.1, 0.5, 2.0, 5.0, 20.0]))
    def time_passes(self, seconds: float) -> None:
        """For everybody."""
        self.now += timedelta(seconds=seconds)

    @rule(code=st.sampled_from(["TARGET_UNREACHABLE", "TARGET_UNCERTAIN"]), wish=st.sampled_from([0.0, 4.0]))
    def silence(self, code: str, wish: float) -> None:
        """One copy's calls got no answer."""
        self.target = breaker.trip(self.target, self.now, code=code, retry_after=wish)

    @rule(wish=st.sampled_from([1.0, 10.0]))
    def wish(self, wish: float) -> None:
        """One copy was told to come back later."""
        self.target = breaker.hold(self.target, self.now, code="TARGET_BUSY", retry_after=wish)

    @rule(owner=st.sampled_from([A, B]))
    def ask_for_the_probe(self, owner: UUID) -> None:
        """Granted to one at a time, when it is due, and to nobody while an operator pauses."""
        due = breaker.may_probe(self.target, self.now)
        before = self.target.probe
        self.target = breaker.lease(self.target, self.now, owner=owner, seconds=5)
        if self.target.probe != before and (before is None or before.owner != owner):
            assert due
            assert self.target.stop is None

    @rule(owner=st.sampled_from([A, B]), answered=st.booleans())
    def the_probe_ends(self, owner: UUID, answered: bool) -> None:
        """Only who holds it is listened to."""
        before = self.target
        self.target = breaker.probed(before, self.now, owner=owner, answered=answered)
        assert (self.target is not before) == (before.probe is not None and before.probe.owner == owner)

    @rule()
    def hold_ends(self) -> None:
        """As each copy looks for."""
        self.target = breaker.elapse(self.target, self.now)

    @rule()
    def pause(self) -> None:
        """By an operator."""
        self.target = breaker.stop(self.target, self.now, author="mari", reason="")

    @rule()
    def resume(self) -> None:
        """By an operator."""
        self.target = breaker.resume(self.target, self.now)

    @rule()
    def look(self) -> None:
        """The owner of the partition tells what is due."""
        self.target, fact = tell(self.target, self.now)
        if fact is not None:
            self.facts.append(fact)

    @precondition(lambda self: self.facts)
    @rule(data=st.data())
    def read_the_log_again(self, data: st.DataObject) -> None:
        """What was told before changes nothing."""
        assert learn(self.target, data.draw(st.sampled_from(self.facts))) is self.target

    @precondition(lambda self: self.facts)
    @rule()
    def lose_the_tables(self) -> None:
        """The number goes on where the log says."""
        self.target = UP
        for fact in self.facts:
            self.target = learn(self.target, fact)
        assert self.target.told.change == self.facts[-1].change

    @invariant()
    def it_stands_for_one_thing(self) -> None:
        """Up has nothing to wait for; a pause grows no longer than it may; only what is down is probed."""
        target = self.target
        if target.standing == "up":
            assert (target.next_at, target.code, target.probe) == (None, None, None)
        else:
            assert target.next_at is not None
        assert target.pause <= breaker.LONGEST_PAUSE_S
        assert not (target.flows(self.now) and (target.stop or target.standing == "down"))

    @invariant()
    def the_log_counts_without_a_gap(self) -> None:
        """1, 2, 3 …; nothing is resumed that was not paused."""
        assert [fact.change for fact in self.facts] == list(range(1, len(self.facts) + 1))
        kinds = [type(fact) for fact in self.facts]
        assert all(pair != (TargetResumed, TargetResumed) for pair in pairwise(kinds))
        assert kinds[:1] != [TargetResumed]

    def teardown(self) -> None:
        """From everywhere there is a way back: resumed, waited for and answered, all calls are made."""
        self.resume()
        self.now += timedelta(hours=2)
        self.hold_ends()
        if self.target.standing == "down":
            self.target = breaker.lease(self.target, self.now, owner=B, seconds=5)
            self.target = breaker.probed(self.target, self.now, owner=B, answered=True)
        self.look()
        assert self.target.flows(self.now)
        assert self.target.told.code is None


TestCopies = Copies.TestCase
