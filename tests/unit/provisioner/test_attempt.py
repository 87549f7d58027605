"""One attempt: what each answer of the account service means, and when it is looked before it is asked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from services.provisioner.account import Account, Pending
from services.provisioner.account.outcome import Failed, Made, NotTried, Outcome, Unclear
from services.provisioner.backends.outcomes import (
    Absent,
    CannotLookUp,
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
from services.provisioner.backends.protocol import Capabilities, CreateRequest
from services.provisioner.courses.courses import Courses
from services.provisioner.work.attempt import attempt, attempt_together, outcome_of, without_a_call
from tests.fakes.backend import FakeTarget
from tests.unit.provisioner.accounts import NOW, PROJECT, account, email_of, new_account, requested, stored

AWAY = NotSent(NotSentCause.CONNECT_FAILED)
ASKED = Pending(1, NOW, "TARGET_UNCERTAIN", effect_unknown=True)
NEITHER, LOOKS, KEYS = Capabilities(), Capabilities(look_up=True), Capabilities(keys=True)
OURS = {"owner": "manager", "scope": PROJECT.slug}


async def call(target: FakeTarget, of: Account | None = None) -> Outcome:
    """One attempt for an account."""
    return await attempt(target, stored(of), timeout_s=1.0)


@pytest.mark.parametrize(
    ("result", "outcome"),
    [
        (Created("ada", NOW, NOW), Made("ada", NOW, NOW)),
        (Created("a\x00b"), Unclear("TARGET_UNCERTAIN")),
        (Refused("BANNED", "Not\x00 this one."), Failed("REFUSED", "BANNED: Not\ufffd this one.")),
        (Exists(None), Failed("ADDRESS_TAKEN", settles=False)),
        (Exists(FoundAccount("x", "another", PROJECT.slug)), Failed("ADDRESS_TAKEN")),
        (Exists(FoundAccount("x", "manager", "elsewhere")), Failed("ADDRESS_TAKEN")),
        (Exists(FoundAccount("x", **OURS)), Made("x", adopted=True)),
        (Exists(FoundAccount("x", **OURS, idempotency_key="another")), Failed("ADDRESS_TAKEN")),
        (Unknown(UnknownCause.TIMEOUT, 7.0), Unclear("TARGET_UNCERTAIN", 7.0)),
        (NotSent(NotSentCause.RATE_LIMITED, 9.0), NotTried("TARGET_BUSY", 9.0)),
        (NotSent(NotSentCause.UNAVAILABLE), NotTried("TARGET_BUSY")),
        (NotSent(NotSentCause.CONNECT_FAILED), NotTried("TARGET_UNREACHABLE")),
        (NotSent(NotSentCause.CREDENTIALS_REFUSED), NotTried("TARGET_NOT_USABLE")),
        (NotSent(NotSentCause.MISCONFIGURED), NotTried("TARGET_NOT_USABLE")),
    ],
    ids=str,
)
def test_what_an_answer_means(result: CreateResult, outcome: Outcome) -> None:
    """Definite is definite, unknown is unknown, and nobody else's account is ours."""
    assert outcome_of(result, stored()) == outcome


def test_an_account_made_with_our_key_is_ours() -> None:
    """Whatever else the target says of it; with a key of an earlier life it is not."""
    of = account(life=2)
    key = str(of.idempotency_key)
    assert outcome_of(Exists(FoundAccount("x", "somebody", "else", key)), stored(of)) == Made(
        "x", adopted=True
    )
    assert outcome_of(Exists(FoundAccount("x", **OURS, idempotency_key=key)), stored()) == Failed(
        "ADDRESS_TAKEN"
    )


@pytest.mark.parametrize(("days", "outcome"), [(0, None), (1, Failed("COURSE_ENDED", settles=False))])
def test_a_course_that_has_ended_needs_no_call(days: int, outcome: Outcome | None) -> None:
    """Its last day still counts; what an earlier attempt left unknown, or a dead process may have asked, is unknown."""
    last = PROJECT.end_date
    assert last is not None
    evening = datetime.combine(last, time(23), tzinfo=UTC)
    courses = Courses(now=lambda: evening + timedelta(days=days))
    assert without_a_call(stored(), courses, unasked=True) == outcome
    in_doubt = outcome and Failed("COURSE_ENDED", settles=False, doubtful=True)
    assert without_a_call(stored(), courses, unasked=False) == in_doubt


def test_a_course_without_an_end_never_ends() -> None:
    """Nothing is over that has no last day."""
    request = replace(requested(), project=replace(PROJECT, end_date=None))
    never = datetime(9999, 12, 31, tzinfo=UTC)
    assert without_a_call(stored(request=request), Courses(now=lambda: never), unasked=True) is None


@pytest.mark.parametrize("standing", [Pending(), ASKED], ids=["first", "again"])
async def test_with_keys_it_asks_again(standing: Pending) -> None:
    """The same key never has a second effect: no look-up."""
    target = FakeTarget(can=Capabilities(look_up=True, keys=True), answers=[Unknown(UnknownCause.TIMEOUT)])
    assert await call(target) == Unclear("TARGET_UNCERTAIN")
    assert await call(target, account(standing)) == Made("user0")
    assert (target.calls, len(target.effects)) == (["create", "create"], 1)


@pytest.mark.parametrize("standing", [Pending(), ASKED], ids=["nobody could say so", "unknown"])
async def test_without_keys_it_looks_first(standing: Pending) -> None:
    """A reply that was lost, or a process that died before it wrote it down: found by owner and scope, adopted."""
    target = FakeTarget(can=LOOKS, answers=[Unknown(UnknownCause.CONNECTION_LOST)])
    assert await call(target) == Unclear("TARGET_UNCERTAIN")
    assert await call(target, account(standing)) == Made("user0", adopted=True)
    assert (target.calls, len(target.effects)) == (["look_up", "create", "look_up"], 1)


async def test_what_a_target_can_do_is_asked_before_it_matters() -> None:
    """Before its first token a target has declared nothing; a create must not slip through then."""
    target = FakeTarget(can=LOOKS, told_by_token=True)
    target.taken_by(email_of(1), **OURS)
    assert await call(target) == Made("somebody", adopted=True)
    assert target.calls == ["look_up"]
    away = FakeTarget(unready=NotSent(NotSentCause.TOKEN_UNAVAILABLE, 3.0), told_by_token=True)
    assert await call(away) == NotTried("TARGET_UNREACHABLE", 3.0)
    assert away.calls == []


@pytest.mark.parametrize(
    ("seen", "standing", "outcome"),
    [
        (Absent(), ASKED, Made("user0")),
        (Found(FoundAccount("x", "another", PROJECT.slug)), ASKED, Failed("ADDRESS_TAKEN")),
        (Found(FoundAccount("x", **OURS)), ASKED, Made("x", adopted=True)),
        (CannotLookUp(), Pending(), Made("user0")),
        (CannotLookUp(), ASKED, Unclear("TARGET_UNCERTAIN")),
        (Unknown(UnknownCause.TIMEOUT, 2.0), ASKED, NotTried("TARGET_UNREACHABLE", 2.0, unanswered=True)),
        (NotSent(NotSentCause.RATE_LIMITED, 4.0), Pending(), NotTried("TARGET_BUSY", 4.0)),
        (NotSent(NotSentCause.CONNECT_FAILED), ASKED, NotTried("TARGET_UNREACHABLE")),
    ],
    ids=str,
)
async def test_what_a_look_up_settles(seen: LookUpResult, standing: Pending, outcome: Outcome) -> None:
    """A create follows only where there is certainly no account yet, or nothing was ever tried."""
    target = FakeTarget(can=LOOKS, look_ups=[seen])
    assert await call(target, account(standing)) == outcome
    assert len(target.effects) == (outcome == Made("user0"))


async def test_with_neither_keys_nor_look_up_a_taken_address_settles_nothing() -> None:
    """It may be taken by what our own unanswered call has made."""
    target = FakeTarget(can=NEITHER, answers=[Unknown(UnknownCause.TIMEOUT)])
    assert await call(target) == Unclear("TARGET_UNCERTAIN")
    assert await call(target, account(ASKED)) == Failed("ADDRESS_TAKEN", settles=False)


async def test_the_call_is_the_frozen_one() -> None:
    """Key and body are those of the account, at every attempt the same."""
    target = FakeTarget(can=KEYS)
    await call(target)
    made = target.accounts[email_of(1)]
    assert made.idempotency_key == str(account().idempotency_key)
    assert (made.owner, made.scope) == ("manager", PROJECT.slug)


SAYS_NOTHING = Capabilities(declared=False)


@pytest.mark.parametrize(
    ("seen", "standing", "calls", "outcome"),
    [
        (Absent(), Pending(), ["create"], Made("user0")),
        (CannotLookUp(), ASKED, ["look_up", "create"], Made("user0")),
        (Found(FoundAccount("x")), ASKED, ["look_up", "create"], Made("user0")),
        (Found(FoundAccount("x", **OURS)), ASKED, ["look_up"], Made("x", adopted=True)),
    ],
    ids=["first call", "no look-up", "nobody can say whose", "ours"],
)
async def test_a_target_that_declares_nothing_is_asked_again_with_the_same_key(
    seen: LookUpResult, standing: Pending, calls: list[str], outcome: Outcome
) -> None:
    """After an unknown outcome a look-up may settle it; otherwise the same key is asked with again."""
    target = FakeTarget(can=SAYS_NOTHING, look_ups=[seen])
    assert await call(target, account(standing)) == outcome
    assert target.calls == calls


async def test_each_account_of_an_array_has_its_own_outcome() -> None:
    """In the order they were asked for; each goes out with the key and the body it would have alone."""
    target = FakeTarget(can=KEYS, answers=[Refused("BANNED", "No."), AWAY])
    people = [stored(new_account(n)) for n in (1, 2, 3)]
    assert await attempt_together(target, people, timeout_s=1.0) == [
        Failed("REFUSED", "BANNED: No."),
        NotTried("TARGET_UNREACHABLE"),
        Made("user0"),
    ]
    assert target.accounts[email_of(3)].idempotency_key == str(people[2].account.idempotency_key)


async def test_an_array_answered_in_part_is_not_known_for_anybody() -> None:
    """A target that forgets an item cannot be believed about the others: which answer is whose?"""

    class Forgetful(FakeTarget):
        async def create_many(self, requests: Sequence[CreateRequest]) -> list[CreateResult]:
            """One answer is missing."""
            return (await super().create_many(requests))[1:]

    people = [stored(new_account(n)) for n in (1, 2)]
    outcomes = await attempt_together(Forgetful(can=KEYS), people, timeout_s=1.0)
    assert outcomes == [Unclear("TARGET_UNCERTAIN")] * 2
