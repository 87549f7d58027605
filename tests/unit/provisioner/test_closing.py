"""Attempts to close: the calls that are made, and what they come to."""

from datetime import timedelta

import pytest

from schemas.facts import AccountClosed, AccountCloseFailed
from services.provisioner.account import Closed, Closing, evolve, record_close
from services.provisioner.account.outcome import Failed, Gone, Made, NotTried, Outcome, Unclear
from services.provisioner.backends.outcomes import (
    Absent,
    CannotLookUp,
    CloseResult,
    Created,
    CreateResult,
    Exists,
    Found,
    FoundAccount,
    LookUpResult,
    NotSent,
    NotSentCause,
    Refused,
    Unknown,
    UnknownCause,
)
from services.provisioner.backends.outcomes import Closed as WasClosed
from services.provisioner.backends.protocol import Capabilities
from services.provisioner.retry import RetryPolicy
from services.provisioner.work.attempt import attempt
from tests.fakes.backend import FakeTarget
from tests.unit.provisioner.accounts import NOW, STANDINGS, account, stored

POLICY = RetryPolicy()
BUSY = NotSent(NotSentCause.RATE_LIMITED, 7.0)
OURS = FoundAccount("ada", idempotency_key=str(account().idempotency_key))


@pytest.mark.parametrize(
    ("outcome", "codes", "left"),
    [
        (NotTried("CLOSE_UNREACHABLE"), {"CLOSE_UNREACHABLE"}, False),
        (Unclear("CLOSE_UNCERTAIN"), {"CLOSE_UNCERTAIN"}, True),
        (Failed("CLOSE_REFUSED"), {"CLOSE_REFUSED"}, True),
        (Failed("CANNOT_LOOK_UP"), {"CANNOT_LOOK_UP"}, True),
    ],
    ids=str,
)
def test_how_often_it_is_tried(outcome: Outcome, codes: set[str], left: bool) -> None:
    """Unreachable: for as long as it takes. What is refused or never certain is left in the end, and said."""
    of = account(Closing("ada"))
    for attempts in range(1, 40):
        fact = record_close(of, outcome, now=NOW, policy=POLICY, jitter=0.0)
        assert isinstance(fact, AccountCloseFailed)
        assert (fact.attempt, fact.account_version, {fact.code}) == (attempts, of.version + 1, codes)
        of = evolve(of, fact) or of
        if not of.needs_call:
            break
        assert fact.next_attempt_at is not None
    assert of.needs_call is not left
    assert (record_close(of, Gone(), now=NOW, policy=POLICY, jitter=0.0) is None) is left


@pytest.mark.parametrize("way", ["uncounted", "unreachable"])
def test_waiting_for_the_account_service_is_no_attempt(way: str) -> None:
    """Given hours without it, when it answers at last and is unclear, then all attempts are left."""
    waits: Outcome = (
        Unclear("CLOSE_UNCERTAIN", counts=False) if way == "uncounted" else NotTried("CLOSE_UNREACHABLE")
    )
    of = account(Closing("ada"))
    for outcome in [*[waits] * 50, *[Unclear("CLOSE_UNCERTAIN")] * 19]:
        fact = record_close(of, outcome, now=NOW, policy=POLICY, jitter=0.0)
        assert fact is not None
        of = evolve(of, fact) or of
        assert of.needs_call
    last = record_close(of, Unclear("CLOSE_UNCERTAIN"), now=NOW, policy=POLICY, jitter=0.0)
    assert isinstance(last, AccountCloseFailed)
    assert (last.next_attempt_at, last.attempt, last.doubts) == (None, 70, 20)


def test_it_is_gone() -> None:
    """Closed, or not there: the end, and the target's wish to wait is kept before it."""
    waits = record_close(
        account(Closing("ada")), NotTried("CLOSE_BUSY", 99.0), now=NOW, policy=POLICY, jitter=0.0
    )
    assert isinstance(waits, AccountCloseFailed)
    assert waits.next_attempt_at == NOW + timedelta(seconds=99)
    fact = record_close(account(Closing("ada", 3)), Gone(), now=NOW, policy=POLICY, jitter=0.0)
    assert isinstance(fact, AccountClosed)
    after = evolve(account(Closing("ada", 3)), fact)
    assert after is not None
    assert after.standing == Closed()


@pytest.mark.parametrize("standing", [name for name in STANDINGS if name != "closing"])
def test_what_is_not_being_closed_takes_no_outcome(standing: str) -> None:
    """Whatever a late call came to."""
    for outcome in (Gone(), Failed("CLOSE_REFUSED"), Made("ada")):
        assert record_close(account(STANDINGS[standing]), outcome, now=NOW, policy=POLICY, jitter=0) is None


class ClosingTarget(FakeTarget):
    """Answers every close as told."""

    answer: CloseResult = WasClosed()

    async def close(self, username: str) -> CloseResult:
        """As told."""
        self.calls.append(f"close {username}")
        return self.answer


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (WasClosed(), Gone()),
        (WasClosed(already=True), Gone()),
        (Refused("IN_USE", "no"), Failed("CLOSE_REFUSED")),
        (Unknown(UnknownCause.TIMEOUT), Unclear("CLOSE_UNCERTAIN")),
        (BUSY, NotTried("CLOSE_BUSY", 7.0)),
        (NotSent(NotSentCause.CONNECT_FAILED), NotTried("CLOSE_UNREACHABLE")),
    ],
    ids=str,
)
async def test_what_a_close_is_answered(answer: CloseResult, outcome: Outcome) -> None:
    """One call, by its name."""
    target = ClosingTarget()
    target.answer = answer
    assert await attempt(target, stored(account(Closing("ada"))), timeout_s=1) == outcome
    assert target.calls == ["close ada"]


@pytest.mark.parametrize(
    ("seen", "outcome", "closes"),
    [
        (Found(OURS), Gone(), True),
        (Found(FoundAccount("eve", owner="eve", scope="parallel")), Gone(), False),
        (Found(FoundAccount("who")), Failed("CANNOT_LOOK_UP"), False),
        (Absent(), Gone(), False),
        (CannotLookUp(), Failed("CANNOT_LOOK_UP"), False),
        (BUSY, NotTried("CLOSE_BUSY", 7.0), False),
        (Unknown(UnknownCause.TIMEOUT), NotTried("CLOSE_UNREACHABLE", unanswered=True), False),
    ],
    ids=str,
)
async def test_one_whose_name_nobody_knows_is_looked_for(
    seen: LookUpResult, outcome: Outcome, closes: bool
) -> None:
    """Only ours is closed."""
    target = ClosingTarget(can=Capabilities(look_up=True), look_ups=[seen])
    assert await attempt(target, stored(account(Closing(None))), timeout_s=1) == outcome
    assert target.calls == ["look_up", *(["close ada"] if closes else [])]


@pytest.mark.parametrize(
    ("answer", "outcome", "closes"),
    [
        (Created("ada"), Gone(), True),
        (Refused("NO", "no"), Gone(), False),
        (Exists(FoundAccount("eve", owner="eve", scope="parallel")), Gone(), False),
        (Exists(None), Failed("CANNOT_LOOK_UP"), False),
        (BUSY, NotTried("CLOSE_BUSY", 7.0), False),
        (NotSent(NotSentCause.CONNECT_FAILED), NotTried("CLOSE_UNREACHABLE"), False),
        (Unknown(UnknownCause.TIMEOUT), Unclear("CLOSE_UNCERTAIN"), False),
    ],
    ids=str,
)
async def test_where_nothing_can_be_looked_up_the_same_key_tells_the_name(
    answer: CreateResult, outcome: Outcome, closes: bool
) -> None:
    """Given a target that honours keys, when what may exist is to be closed, then it is asked for once more."""
    target = ClosingTarget(can=Capabilities(keys=True), answers=[answer], told_by_token=True)
    assert await attempt(target, stored(account(Closing(None))), timeout_s=1) == outcome
    assert target.calls == ["look_up", "create", *(["close ada"] if closes else [])]


async def test_without_keys_nothing_is_asked_for_that_nobody_wants() -> None:
    """Given a target that may ignore keys, when nothing can be looked up, then no second account is made."""
    target = ClosingTarget(can=Capabilities(declared=False))
    assert await attempt(target, stored(account(Closing(None))), timeout_s=1) == Failed("CANNOT_LOOK_UP")
    assert "create" not in target.calls


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (Found(OURS), Made("ada", adopted=True)),
        (Found(FoundAccount("eve", owner="eve", scope="parallel")), Gone()),
        (Absent(), Gone()),
        (BUSY, NotTried("TARGET_BUSY", 7.0)),
        (Unknown(UnknownCause.TIMEOUT), NotTried("TARGET_UNREACHABLE", unanswered=True)),
    ],
    ids=str,
)
async def test_what_nobody_wants_any_more_is_only_looked_for(seen: LookUpResult, outcome: Outcome) -> None:
    """A call that nobody recorded may have made it: no second one is made to find out."""
    target = FakeTarget(look_ups=[seen])
    assert await attempt(target, stored(account()), timeout_s=1, settle=True) == outcome
    assert target.calls == ["look_up"]


async def test_without_a_look_up_the_same_key_is_the_question() -> None:
    """It may make the account, which then counts as created."""
    target = FakeTarget(can=Capabilities(keys=True))
    assert isinstance(await attempt(target, stored(account()), timeout_s=1, settle=True), Made)
    assert target.calls == ["create"]
