"""Retry and close, from every standing: given how the account stands, when somebody asks, then this follows."""

import pytest

from schemas.codes import COMMAND_CODES
from schemas.facts import AccountClosed, AccountCloseRequested, AccountRetried
from services.provisioner.account import (
    Account,
    Closed,
    Closing,
    Conflict,
    Erred,
    Pending,
    Standing,
    close,
    retry,
    told,
)
from tests.unit.provisioner.accounts import NOW, STANDINGS, account

ANY_STANDING = pytest.mark.parametrize("standing", STANDINGS.values(), ids=list(STANDINGS))
NOBODY_CALLED = Pending(3, NOW, "TARGET_UNREACHABLE")


def ask_again(of: Account, *, course_over: bool = False) -> Account | Conflict:
    """A person asks for another attempt."""
    facts = retry(of, author="ada", now=NOW, course_over=course_over)
    return facts if isinstance(facts, Conflict) else told(of, facts)[1]


def shut(of: Account, *, untouched: bool = False) -> Account:
    """A person asks for it to be closed."""
    return told(of, close(of, cause="request", author="ada", now=NOW, untouched=untouched))[1]


def test_what_had_no_effect_is_tried_again_under_a_new_key() -> None:
    """Given a refusal, when a person asks, then the next call has a new key, and counts from the start."""
    before = account(Erred("REFUSED", 4, effect_unknown=False), series=2)
    facts = retry(before, author="ada", now=NOW, course_over=False)
    assert isinstance(facts, list)
    (fact,) = facts
    assert isinstance(fact, AccountRetried)
    assert (fact.asked_by, fact.author, fact.cause) == ("person", "ada", "REFUSED")
    after = told(before, facts)[1]
    assert after.standing == Pending(0, NOW, "REFUSED")
    assert (after.life, after.series) == (1, 3)


def test_what_may_have_had_an_effect_keeps_its_key() -> None:
    """Given an outcome nobody knows, when a person asks, then the key stays, and doubts count from the start."""
    before = account(Erred("OUTCOME_UNKNOWN", 12, effect_unknown=True), series=2)
    after = ask_again(before)
    assert isinstance(after, Account)
    assert after.standing == Pending(12, NOW, "OUTCOME_UNKNOWN", effect_unknown=True, doubts=0)
    assert after.idempotency_key == before.idempotency_key


@pytest.mark.parametrize(
    ("standing", "code"),
    [
        ("pending", "ACCOUNT_PENDING"),
        ("pending, unknown", "ACCOUNT_PENDING"),
        ("ok", "ACCOUNT_OK"),
        ("closing", "ACCOUNT_CLOSING"),
        ("close failed", "CLOSE_GIVEN_UP"),
        ("closed", "ACCOUNT_CLOSED"),
        ("unwanted", "ACCOUNT_CLOSED"),
    ],
)
@pytest.mark.parametrize("course_over", [False, True])
def test_only_what_failed_can_be_tried_again(standing: str, code: str, course_over: bool) -> None:
    """Given any other standing, when a person asks, then a code that is explained says why not."""
    assert ask_again(account(STANDINGS[standing]), course_over=course_over) == Conflict(code)
    assert code in COMMAND_CODES


@pytest.mark.parametrize("unknown", [False, True])
def test_a_course_that_is_over_gets_no_more_accounts(unknown: bool) -> None:
    """Given a failed account of a course that is over, when a person asks, then it stays as it is."""
    of = account(Erred("COURSE_ENDED", 1, effect_unknown=unknown))
    assert ask_again(of, course_over=True) == Conflict("COURSE_ENDED")


@pytest.mark.parametrize(
    ("standing", "untouched", "after"),
    [
        ("pending", False, Closing(None)),
        ("pending", True, Closed()),
        ("pending, unknown", False, Closing(None)),
        ("pending, unknown", True, Closing(None)),
        ("ok", False, Closing("ada")),
        ("erred", False, Closed()),
        ("erred, unknown", False, Closing(None)),
        ("closing", False, Closing("ada")),
        ("close failed", False, Closing("ada")),
        ("closed", False, Closed()),
    ],
)
def test_what_a_close_comes_to(standing: str, untouched: bool, after: Standing) -> None:
    """Given any standing, when it shall be closed, then at once only where certainly nothing was made."""
    assert shut(account(STANDINGS[standing]), untouched=untouched).standing == after


def test_a_close_says_who_and_why() -> None:
    """Given an account that is there, when a course ends, then that is in the fact, and nobody asked."""
    (fact,) = close(account(STANDINGS["ok"]), cause="course_ended", author=None, now=NOW, untouched=False)
    assert isinstance(fact, AccountCloseRequested)
    assert (fact.cause, fact.author, fact.account_version) == ("course_ended", None, 6)


def test_without_an_effect_no_call_is_needed_to_close() -> None:
    """Given calls that never arrived, when it shall be closed, then it is, whatever was scheduled."""
    (fact,) = close(account(NOBODY_CALLED), cause="request", author="ada", now=NOW, untouched=True)
    assert isinstance(fact, AccountClosed)
    after = shut(account(NOBODY_CALLED), untouched=True)
    assert not after.needs_call


@ANY_STANDING
def test_closing_twice_is_closing_once(standing: Standing) -> None:
    """Given a close that was asked for, when it is asked for again, then there is nothing more to say."""
    once = shut(account(standing))
    assert close(once, cause="course_ended", author=None, now=NOW, untouched=False) == []


def test_what_could_not_be_closed_is_tried_from_the_start() -> None:
    """Given a close that was given up, when a person asks again, then nothing of the past counts against it."""
    before = account(Closing("ada", 20, None, "CLOSE_UNCERTAIN", doubts=20))
    assert shut(before).standing == Closing("ada")
    assert shut(before).needs_call
