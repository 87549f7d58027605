"""The end of an attempt on an account that has changed meanwhile: given how it stands now, what is said of it."""

from dataclasses import replace

import pytest

from schemas.facts import AccountCloseRequested, AccountCreated, AccountRetried
from services.provisioner.account import (
    Account,
    Closed,
    Closing,
    Erred,
    Ok,
    Pending,
    Standing,
    Unwanted,
    end_attempt,
    evolve,
    still_counts,
)
from services.provisioner.account.outcome import Failed, Gone, Made, NotTried, Outcome, Unclear
from services.provisioner.retry import RetryPolicy
from tests.unit.provisioner.accounts import NOW, account, claim, retried, waiting

ASKED = account(Pending(1, NOW, "TARGET_BUSY"))


def ended(of: Account, outcome: Outcome) -> tuple[list[str], Account]:
    """The types of the facts that follow, and the account after them."""
    facts, after = end_attempt(of, outcome, now=NOW, policy=RetryPolicy(), jitter=0.0, stopped=frozenset())
    return [type(fact).__name__ for fact in facts], after


@pytest.mark.parametrize(
    ("now", "made_counts", "others_count"),
    [
        (ASKED.standing, True, True),
        (Pending(2, NOW, "TARGET_BUSY"), True, False),
        (Closing(None), True, False),
        (Closing(None, 3, None, "CANNOT_LOOK_UP"), True, False),
        (Closed(), True, False),
        (Unwanted(), True, False),
        (Closing("ada"), False, False),
        (Ok("ada"), False, False),
        (Erred("REFUSED", 2, effect_unknown=False), False, False),
        (Erred("OUTCOME_UNKNOWN", 12, effect_unknown=True), False, False),
    ],
)
def test_what_still_counts(now: Standing, made_counts: bool, others_count: bool) -> None:
    """Given a call for a pending account, when the account stands so at its end, then this of it counts."""
    stored = account(now, version=9)
    assert still_counts(ASKED, Made("ada"), stored) is made_counts
    for outcome in (Failed("REFUSED"), Unclear("TARGET_UNCERTAIN"), NotTried("TARGET_BUSY"), Gone()):
        assert still_counts(ASKED, outcome, stored) is others_count
    for change in ({"life": 2}, {"series": 2}):
        assert not still_counts(ASKED, Made("ada"), replace(stored, **change))
        assert not still_counts(ASKED, Failed("REFUSED"), replace(stored, **change))


@pytest.mark.parametrize("standing", [Closed(), Unwanted(), Closing(None), Closing(None, 3, None, "NO")])
def test_what_is_made_too_late_is_said_and_closed(standing: Standing) -> None:
    """Given that nobody waits for it any more, when it was made after all, then it is closed by its name."""
    says, after = ended(account(standing), Made("ada"))
    assert says == [AccountCreated.__name__, AccountCloseRequested.__name__]
    assert after.standing == Closing("ada")
    assert after.needs_call


def test_a_look_from_before_the_name_was_known_is_no_answer() -> None:
    """Given a look-up that found nothing, when the account got its name meanwhile, then it is not closed by that."""
    assert still_counts(account(Closing(None)), Gone(), account(Closing(None), version=9))
    assert not still_counts(account(Closing(None)), Gone(), account(Closing("ada"), version=9))
    assert not still_counts(account(Closing("ada")), Gone(), account(Closing("ada", 1), version=9))


def test_who_waited_for_the_end_of_a_close_begins_a_new_life() -> None:
    """Given a claim that came while the account was being closed, when it is gone, then it is made for the claim."""
    says, after = ended(account(Closing("ada"), open_claims=(waiting(2),)), Gone())
    assert says == ["AccountClosed", AccountRetried.__name__]
    assert (after.standing, after.life, after.creator) == (Pending(0, NOW, "REOPENED"), 2, claim(2))


def test_a_person_may_wait_out_more_doubts() -> None:
    """Given eleven doubts, when a person's retry is on the log, then the next doubt is the first."""
    doubtful = account(Pending(11, NOW, "TARGET_UNCERTAIN", effect_unknown=True, doubts=11))
    says, after = ended(doubtful, Unclear("TARGET_UNCERTAIN"))
    assert says == ["AccountFailed"]
    again = evolve(after, retried(after.version + 1, asked_by="person", effect="unknown", attempt=12))
    assert again is not None
    says, after = ended(again, Unclear("TARGET_UNCERTAIN"))
    assert says == [AccountRetried.__name__]
    assert isinstance(after.standing, Pending)
    assert (after.standing.doubts, after.standing.attempt) == (1, 13)


def test_a_doubt_while_waiting_does_not_count() -> None:
    """Given that the account service is being waited for, when a call is unclear, then it is retried without end."""
    of = account(Pending(11, NOW, "TARGET_UNCERTAIN", effect_unknown=True, doubts=11))
    for _ in range(20):
        says, of = ended(of, Unclear("TARGET_UNCERTAIN", counts=False))
        assert says == [AccountRetried.__name__]
    assert isinstance(of.standing, Pending)
    assert (of.standing.doubts, of.standing.attempt) == (11, 31)
