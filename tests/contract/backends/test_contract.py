"""What every backend owes the provisioner: definite is definite, unknown is unknown, a key has one effect."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from services.provisioner.backends.outcomes import (
    Absent,
    CannotLookUp,
    Closed,
    Created,
    Exists,
    Found,
    NotSent,
    NotSentCause,
    Refused,
    Unknown,
    UnknownCause,
)
from tests.contract.backends.support import SCOPE, Case


async def created(case: Case, email: str, key: str) -> Created:
    """A create that works."""
    outcome = await case.backend.create(case.request(email, key))
    assert isinstance(outcome, Created), outcome
    return outcome


async def test_a_create_makes_an_account(case: Case) -> None:
    """With a user name and the time it was made."""
    outcome = await created(case, case.email("ada"), "k")
    [entry] = case.effects(case.email("ada"))
    assert outcome.username == entry.username
    assert outcome.created_at is not None
    assert abs(outcome.created_at - datetime.now(UTC)) < timedelta(minutes=1)


async def test_the_same_key_gives_the_same_account(case: Case) -> None:
    """However often."""
    first = await created(case, case.email("ada"), "k")
    assert await created(case, case.email("ada"), "k") == first
    assert len(case.effects(case.email("ada"))) == 1


async def test_the_same_key_with_another_body_is_unknown(case: Case) -> None:
    """Nothing is done for the new body, yet the old one may have had an effect, so it is no refusal."""
    await created(case, case.email("ada"), "k")
    outcome = await case.backend.create(case.request(case.email("ada"), "k", description="another"))
    assert outcome == Unknown(UnknownCause.KEY_REUSED)
    assert len(case.effects(case.email("ada"))) == 1


async def test_an_account_of_ours_that_exists_is_shown(case: Case) -> None:
    """With the key that made it, so that it can be recognised."""
    first = await created(case, case.email("ada"), "k")
    outcome = await case.backend.create(case.request(case.email("ada"), "other"))
    assert isinstance(outcome, Exists)
    assert outcome.found is not None
    assert (outcome.found.username, outcome.found.owner, outcome.found.scope) == (
        first.username,
        "manager",
        SCOPE,
    )
    assert outcome.found.idempotency_key == f"k-{case.number}"


async def test_an_address_somebody_else_holds_is_shown_as_theirs(case: Case) -> None:
    """So that nobody adopts it."""
    outcome = await case.backend.create(case.request(case.email("taken+tom"), "k"))
    assert isinstance(outcome, Exists)
    assert outcome.found is not None
    assert outcome.found.owner == "somebody-else"


async def test_a_refusal_is_definite(case: Case) -> None:
    """With the target's own code, and without an effect."""
    outcome = await case.backend.create(case.request(case.email("refused+eve"), "k"))
    assert isinstance(outcome, Refused)
    assert outcome.code == "ADDRESS_REFUSED"
    assert outcome.message
    assert case.effects(case.email("refused+eve")) == []


async def test_a_flaky_target_is_unknown_until_it_works(case: Case) -> None:
    """The same key all the way."""
    outcomes = [await case.backend.create(case.request(case.email("flaky+flo"), "k")) for _ in range(3)]
    assert [type(outcome) for outcome in outcomes] == [Unknown, Unknown, Created]
    assert len(case.effects(case.email("flaky+flo"))) == 1


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ("reply_lost", UnknownCause.CONNECTION_LOST),
        ("error_after", UnknownCause.SERVER_ERROR),
        ("malformed", UnknownCause.MALFORMED_ANSWER),
    ],
)
async def test_after_an_unknown_outcome_the_key_gives_the_account(
    case: Case, fault: str, cause: UnknownCause
) -> None:
    """The effect had happened; asking again finds it and has no second one."""
    email = case.email(fault)
    await case.faults(**{fault: 1})
    assert await case.backend.create(case.request(email, "k")) == Unknown(cause)
    await case.faults()
    outcome = await created(case, email, "k")
    assert [entry.username for entry in case.effects(email)] == [outcome.username]


async def test_a_lost_reply_can_be_looked_up(case: Case) -> None:
    """Where there is a look-up, the key tells that the account is ours."""
    email = case.email("lost+lea")
    assert isinstance(await case.backend.create(case.request(email, "k")), Unknown)
    outcome = await case.backend.look_up(email, SCOPE)
    assert isinstance(outcome, Found)
    assert outcome.account.idempotency_key == f"k-{case.number}"


async def test_a_target_slower_than_the_time_allowed_is_unknown(case: Case) -> None:
    """The effect happens when nobody waits any more."""
    email = case.email("slow+sam")
    request = case.request(email, "k", timeout=0.05)
    assert await case.backend.create(request) == Unknown(UnknownCause.TIMEOUT)
    async with asyncio.timeout(10):
        while not isinstance(await case.backend.create(case.request(email, "k")), Created):
            pass
    assert len(case.effects(email)) == 1


async def test_two_calls_with_one_key_at_once_have_one_effect(case: Case) -> None:
    """One of them may hear that it is in progress."""
    email = case.email("slow+twin")
    outcomes = await asyncio.gather(*(case.backend.create(case.request(email, "k")) for _ in range(2)))
    assert sum(isinstance(outcome, Created) for outcome in outcomes) >= 1
    assert all(isinstance(o, Created) or o == Unknown(UnknownCause.IN_PROGRESS) for o in outcomes)
    assert len(case.effects(email)) == 1


async def test_too_many_calls_were_not_sent(case: Case) -> None:
    """Certainly no effect, and the target's own wish how long to wait."""
    await case.backend.prepare()
    await case.faults(too_many=1, retry_after_seconds=7)
    outcome = await case.backend.create(case.request(case.email("ada"), "k"))
    assert outcome == NotSent(NotSentCause.RATE_LIMITED, 7.0)


async def test_a_target_that_is_down_was_not_called(case: Case) -> None:
    """It says so itself, or has no token to give."""
    await case.backend.prepare()
    await case.faults(down="unavailable", retry_after_seconds=3)
    request = case.request(case.email("ada"), "k")
    assert await case.backend.create(request) == NotSent(NotSentCause.UNAVAILABLE, 3.0)
    await case.faults()
    await case.expire_tokens()
    await case.faults(down="closed")
    assert isinstance(await case.backend.create(request), Unknown)
    await case.faults()
    assert isinstance(await case.backend.create(request), Created)


async def test_a_token_that_is_no_longer_taken_is_renewed_once(case: Case) -> None:
    """Also when many calls find out together: one renewal, nothing lost."""
    await created(case, case.email("ada"), "k0")
    await case.expire_tokens()
    before = await case.calls("token")
    requests = [case.request(case.email(f"bob{number}"), f"k{number}") for number in range(1, 31)]
    outcomes = await asyncio.gather(*map(case.backend.create, requests))
    assert all(isinstance(outcome, Created) for outcome in outcomes)
    assert await case.calls("token") == before + 1


@pytest.mark.parametrize("arrays", [True, False])
async def test_many_are_created_in_order_each_with_its_outcome(case: Case, arrays: bool) -> None:
    """In arrays where the target takes them; the outcomes are the same without."""
    await case.faults(arrays=arrays)
    names = ["a", "refused+b", "taken+c", "flaky+d", *(f"e{number}" for number in range(246))]
    requests = [case.request(case.email(name), f"{name}") for name in names]
    before = await case.calls("create")
    outcomes = await case.backend.create_many(requests)
    assert [type(outcome) for outcome in outcomes] == [Created, Refused, Exists, Unknown] + [Created] * 246
    assert isinstance(outcomes[2], Exists)
    assert outcomes[2].found is not None
    for name, outcome in zip(names, outcomes, strict=True):
        made = (
            [entry.username for entry in case.effects(case.email(name))]
            if name in {"a", "e0", "e245"}
            else None
        )
        assert made is None or (isinstance(outcome, Created) and made == [outcome.username])
    assert await case.calls("create") - before == (3 if arrays else 250)
    again = await case.backend.create_many([requests[0], requests[-1]])
    assert again == [outcomes[0], outcomes[-1]], "the same keys, the same accounts"


async def test_an_array_whose_reply_is_lost_is_unknown_as_a_whole(case: Case) -> None:
    """And the same keys give the same accounts afterwards."""
    requests = [case.request(case.email(f"p{number}"), f"k{number}") for number in range(5)]
    await case.backend.prepare()
    await case.faults(reply_lost=1)
    assert await case.backend.create_many(requests) == [Unknown(UnknownCause.CONNECTION_LOST)] * 5
    await case.faults()
    assert all(isinstance(outcome, Created) for outcome in await case.backend.create_many(requests))
    assert [len(case.effects(case.email(f"p{number}"))) for number in range(5)] == [1] * 5


async def test_nothing_to_create_is_no_call(case: Case) -> None:
    """An empty list has an empty answer."""
    assert await case.backend.create_many([]) == []


async def test_looking_up(case: Case) -> None:
    """Found while alive, in any case of letters, in its scope only; absent before and after."""
    email = case.email("ada")
    assert await case.backend.look_up(email, SCOPE) == Absent()
    outcome = await created(case, email, "k")
    found = await case.backend.look_up(email.upper(), SCOPE)
    assert isinstance(found, Found)
    assert found.account.username == outcome.username
    assert await case.backend.look_up(email, "rust-7") == Absent()
    await case.backend.close(outcome.username)
    assert await case.backend.look_up(email, SCOPE) == Absent()


async def test_without_a_look_up_nothing_is_concluded(case: Case) -> None:
    """Not absent, but no way to tell; and an existing account is not shown."""
    await created(case, case.email("ada"), "k")
    await case.faults(look_up=False)
    await case.expire_tokens()
    outcome = await case.backend.create(case.request(case.email("ada"), "other"))
    assert outcome == Exists(None)
    assert await case.backend.look_up(case.email("ada"), SCOPE) == CannotLookUp()


async def test_closing_frees_the_address_and_can_be_repeated(case: Case) -> None:
    """A new life, with a new key, is a new account."""
    email = case.email("ada")
    first = await created(case, email, "k1")
    assert await case.backend.close(first.username) == Closed()
    assert isinstance(await case.backend.close(first.username), Closed)
    second = await created(case, email, "k2")
    assert second.username != first.username


async def test_closing_what_the_target_does_not_know_is_closed_already(case: Case) -> None:
    """What is not there needs no closing, whatever its name looks like."""
    assert await case.backend.close("nobody-7") == Closed(already=True)
    assert await case.backend.close("a/b ü?#%2F") == Closed(already=True)


async def test_a_close_without_an_answer_is_unknown(case: Case) -> None:
    """And repeating it finds it closed."""
    outcome = await created(case, case.email("ada"), "k")
    await case.faults(reply_lost=1)
    # A close may be repeated by the HTTP client itself, as it has the same effect again.
    assert isinstance(await case.backend.close(outcome.username), Unknown)
    await case.faults()
    assert await case.backend.close(outcome.username) == Closed()
