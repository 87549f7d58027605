"""What an attempt comes to: each outcome, with and without an effect that may have happened before."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.facts import AccountCreated, AccountFact, AccountFailed, AccountRetried
from services.provisioner.account import Account, Erred, Pending, evolve, record_outcome
from services.provisioner.account.outcome import Failed, Made, NotTried, Outcome, Unclear
from services.provisioner.retry import RetryPolicy, Rule
from tests.unit.provisioner.accounts import NOW, STANDINGS, account

POLICY = RetryPolicy(
    {"AWAY": Rule(4.0, 60.0, None), "BUSY": Rule(4.0, 60.0, 3), "UNCERTAIN": Rule(4.0, 60.0, 3)}
)

OUTCOMES = st.sampled_from(
    [
        Made("ada"),
        Failed("REFUSED"),
        Failed("COURSE_ENDED", settles=False),
        Unclear("UNCERTAIN"),
        NotTried("AWAY"),
        NotTried("BUSY"),
    ]
)


def decide(of: Account, outcome: Outcome) -> AccountFact | None:
    """What follows, with all of the delay's first half and none of the second."""
    return record_outcome(of, outcome, now=NOW, policy=POLICY, jitter=0.0)


def after(*outcomes: Outcome) -> Account:
    """A new account after these outcomes."""
    current = account(version=0)
    for outcome in outcomes:
        fact = decide(current, outcome)
        assert fact is not None
        current = evolve(current, fact) or current
    return current


def test_made() -> None:
    """It exists: with its name, and our time if the target tells none."""
    fact = decide(account(Pending(2)), Made("ada", expires_at=NOW + timedelta(days=9), adopted=True))
    assert isinstance(fact, AccountCreated)
    assert (fact.attempt, fact.account_version, fact.personal.username, fact.adopted) == (3, 6, "ada", True)
    assert (fact.created_at, fact.expires_at) == (NOW, NOW + timedelta(days=9))
    told = decide(account(), Made("ada", created_at=NOW - timedelta(hours=1)))
    assert isinstance(told, AccountCreated)
    assert told.created_at == NOW - timedelta(hours=1)


def test_refused() -> None:
    """A definite no has no effect, a sentence, and what was said word for word, cut to a bound."""
    fact = decide(account(), Failed("REFUSED", "x" * 1000))
    assert isinstance(fact, AccountFailed)
    assert (fact.code, fact.effect, fact.can_retry, fact.attempt) == ("REFUSED", "none", True, 1)
    assert fact.message.startswith("The account service refused")
    assert fact.personal.detail == "x" * 500


@pytest.mark.parametrize(
    ("outcome", "effect"), [(NotTried("AWAY"), "none"), (Unclear("UNCERTAIN"), "unknown")], ids=str
)
def test_transient_causes_retry_by_themselves(outcome: NotTried | Unclear, effect: str) -> None:
    """The time of the next attempt is in the fact, and the key stays."""
    before = account(Pending(1, doubts=1), series=4, life=2)
    fact = decide(before, outcome)
    assert isinstance(fact, AccountRetried)
    assert (fact.asked_by, fact.attempt, fact.cause, fact.effect) == ("policy", 2, outcome.code, effect)
    assert fact.next_attempt_at == NOW + timedelta(seconds=4)
    folded = evolve(before, fact)
    assert folded is not None
    assert folded.idempotency_key == before.idempotency_key


def test_the_targets_wish_is_kept() -> None:
    """Later than the policy would, if the target says so."""
    fact = decide(account(), NotTried("AWAY", retry_after=600.0))
    assert isinstance(fact, AccountRetried)
    assert fact.next_attempt_at == NOW + timedelta(seconds=600)


@pytest.mark.parametrize(
    ("history", "code", "effect_unknown"),
    [
        ([Unclear("UNCERTAIN")] * 3, "OUTCOME_UNKNOWN", True),
        ([Unclear("UNCERTAIN"), NotTried("BUSY"), NotTried("BUSY")], "OUTCOME_UNKNOWN", True),
        ([NotTried("AWAY")] * 5 + [Unclear("UNCERTAIN")] * 3, "OUTCOME_UNKNOWN", True),
        ([Unclear("UNCERTAIN", counts=False)] * 9 + [Unclear("UNCERTAIN")] * 3, "OUTCOME_UNKNOWN", True),
        ([NotTried("BUSY")] * 3, "ATTEMPTS_EXHAUSTED", False),
        ([NotTried("NO_RULE")], "ATTEMPTS_EXHAUSTED", False),
        ([Unclear("NO_RULE")], "OUTCOME_UNKNOWN", True),
        ([Failed("REFUSED")], "REFUSED", False),
        ([Unclear("UNCERTAIN"), Failed("REFUSED")], "REFUSED", False),
        ([Failed("COURSE_ENDED", settles=False)], "COURSE_ENDED", False),
        ([Unclear("UNCERTAIN"), Failed("COURSE_ENDED", settles=False)], "COURSE_ENDED", True),
        ([Failed("COURSE_ENDED", settles=False, doubtful=True)], "COURSE_ENDED", True),
        ([Failed("REFUSED", doubtful=True)], "REFUSED", False),
        (
            [Unclear("UNCERTAIN"), NotTried("AWAY"), Failed("ADDRESS_TAKEN", settles=False)],
            "ADDRESS_TAKEN",
            True,
        ),
        ([NotTried("AWAY"), Failed("ADDRESS_TAKEN", settles=False)], "ADDRESS_TAKEN", False),
    ],
)
def test_how_it_ends(history: list[Outcome], code: str, effect_unknown: bool) -> None:
    """A doubt once there stays until an answer of the same series settles it; without one there is none."""
    assert after(*history).standing == Erred(code, len(history), effect_unknown)


@pytest.mark.parametrize("outcome", [Made("late"), Failed("REFUSED"), Unclear("UNCERTAIN"), NotTried("AWAY")])
@pytest.mark.parametrize("standing", [name for name in STANDINGS if not name.startswith("pending")])
def test_an_account_that_does_not_wait_takes_no_outcome(standing: str, outcome: Outcome) -> None:
    """Whatever a late attempt came to."""
    assert decide(account(STANDINGS[standing]), outcome) is None


@given(st.lists(OUTCOMES, max_size=12))
def test_one_key_and_one_version_more_each_time(outcomes: list[Outcome]) -> None:
    """Any outcomes: a version each until it ends, the key of the first call, and a doubt no retry forgets."""
    current = account(version=0)
    for outcome in outcomes:
        fact = decide(current, outcome)
        if fact is None:
            assert not isinstance(current.standing, Pending)
            return
        folded = evolve(current, fact)
        assert folded is not None
        assert folded.version == current.version + 1
        assert folded.idempotency_key == account().idempotency_key
        if isinstance(folded.standing, Pending) and isinstance(current.standing, Pending):
            assert folded.standing.attempt == current.standing.attempt + 1
            doubt = current.standing.effect_unknown or isinstance(outcome, Unclear)
            assert folded.standing.effect_unknown == doubt
        current = folded
