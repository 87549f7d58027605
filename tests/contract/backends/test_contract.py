"""What every backend owes the provisioner: definite is definite, unknown is unknown, nothing is made twice.

What is asked follows from the backend's capabilities; what cannot be upset at a target is not asked of its backend.
"""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from services.provisioner.backends import (
    Absent,
    CannotExtend,
    CannotList,
    CannotLookUp,
    Closed,
    Created,
    CreateResult,
    Exists,
    Extended,
    Found,
    FoundAccount,
    Listed,
    NotSent,
    NotSentCause,
    Refused,
    Unknown,
    UnknownCause,
)
from tests.contract.backends.rig import SCOPE, Rig, Trouble

UNKNOWN: dict[Trouble, UnknownCause] = {
    "lost": UnknownCause.CONNECTION_LOST,
    "error": UnknownCause.SERVER_ERROR,
    "garbled": UnknownCause.MALFORMED_ANSWER,
    "slow": UnknownCause.TIMEOUT,
    "failing": UnknownCause.SERVER_ERROR,
}


async def created(case: Rig, email: str, key: str) -> Created:
    """A create that works."""
    outcome = await case.backend.create(case.request(email, key))
    assert isinstance(outcome, Created), outcome
    return outcome


async def settled(case: Rig, email: str, key: str) -> CreateResult:
    """What a repeated create comes to, once the target is not busy with it any more."""
    async with asyncio.timeout(10):
        while isinstance(outcome := await case.backend.create(case.request(email, key)), Unknown):
            pass
    return outcome


def needs(case: Rig, *, look_up: bool = False, trouble: Trouble | None = None) -> None:
    """Leave a test out where it asks for more than the backend, or its rig, has."""
    if look_up and not case.backend.capabilities.look_up:
        pytest.skip("this target has no look-up")
    if trouble is not None and trouble not in case.troubles:
        pytest.skip(f"this target cannot be made {trouble}")


async def test_a_create_makes_an_account(case: Rig) -> None:
    """With its user name; a time, if there is one, is now."""
    outcome = await created(case, case.email("ada"), "k")
    assert await case.alive(case.email("ada")) == [outcome.username]
    if outcome.created_at is not None:
        assert abs(outcome.created_at - datetime.now(UTC)) < timedelta(minutes=1)


async def test_the_same_again_makes_no_second_account(case: Rig) -> None:
    """Where keys count, the outcome is the same; elsewhere the address is taken, and nobody says no to it."""
    first = await created(case, case.email("ada"), "k")
    for body in ({}, {"description": "another"}):
        again = await case.backend.create(case.request(case.email("ada"), "k", **body))
        if case.backend.capabilities.keys and not body:
            assert isinstance(again, Created)
            assert again.username == first.username
        assert isinstance(again, Created | Exists) or again == Unknown(UnknownCause.KEY_REUSED)
    assert await case.made(case.email("ada")) == [first.username]


async def test_an_account_of_ours_that_exists_is_shown(case: Rig) -> None:
    """With what it can be recognised by, where it can be looked up."""
    first = await created(case, case.email("ada"), "k")
    outcome = await case.backend.create(case.request(case.email("ada"), "other"))
    assert isinstance(outcome, Exists)
    if case.backend.capabilities.look_up:
        assert outcome.found is not None
        assert outcome.found.username == first.username
        assert _ours(case, outcome.found, "k")
    assert await case.made(case.email("ada")) == [first.username]


async def test_an_address_somebody_else_holds_is_not_ours(case: Rig) -> None:
    """So that nobody adopts it."""
    email = await case.occupied("tom")
    if email is None:
        pytest.skip("nobody else has accounts at this target")
    outcome = await case.backend.create(case.request(email, "k"))
    assert isinstance(outcome, Exists)
    assert outcome.found is None or not _ours(case, outcome.found, "k")


async def test_a_refusal_is_definite(case: Rig) -> None:
    """With a code and a sentence, and without an effect."""
    if case.refused is None:
        pytest.skip("this target refuses nobody")
    email = case.refused.format(case.number)
    outcome = await case.backend.create(case.request(email, "k"))
    assert isinstance(outcome, Refused)
    assert outcome.code
    assert outcome.message
    assert await case.made(email) == []


@pytest.mark.parametrize("trouble", UNKNOWN)
async def test_after_an_unknown_outcome_asking_again_settles_it(case: Rig, trouble: Trouble) -> None:
    """Whether it had happened or not: afterwards there is one account."""
    needs(case, trouble=trouble)
    email = case.email(trouble)
    async with case.trouble(trouble):
        outcome = await case.backend.create(
            case.request(email, "k", timeout=0.1 if trouble == "slow" else 5.0)
        )
    assert outcome == Unknown(UNKNOWN[trouble])
    again = await settled(case, email, "k")
    [username] = await case.made(email)
    if case.backend.capabilities.keys or isinstance(again, Created):
        assert isinstance(again, Created)
        assert again.username == username
    else:
        assert isinstance(again, Exists)
        assert trouble != "failing"


async def test_what_a_lost_reply_was_about_can_be_looked_up(case: Rig) -> None:
    """And it says that it is ours."""
    needs(case, look_up=True, trouble="lost")
    email = case.email("lea")
    async with case.trouble("lost"):
        assert isinstance(await case.backend.create(case.request(email, "k")), Unknown)
    outcome = await case.backend.look_up(email, SCOPE)
    assert isinstance(outcome, Found)
    assert [outcome.account.username] == await case.alive(email)
    assert _ours(case, outcome.account, "k")


async def test_two_calls_with_one_key_at_once_have_one_effect(case: Rig) -> None:
    """One of them may hear that it is in progress, or taken."""
    email = case.email("twin")
    outcomes = await asyncio.gather(*(case.backend.create(case.request(email, "k")) for _ in range(2)))
    assert sum(isinstance(outcome, Created) for outcome in outcomes) >= 1
    allowed = Created if case.backend.capabilities.keys else Created | Exists
    assert all(isinstance(o, allowed) or o == Unknown(UnknownCause.IN_PROGRESS) for o in outcomes)
    assert len(await case.made(email)) == 1


async def test_too_many_calls_were_not_sent(case: Rig) -> None:
    """Certainly no effect, and the target's own wish how long to wait."""
    needs(case, trouble="busy")
    async with case.trouble("busy"):
        outcome = await case.backend.create(case.request(case.email("ada"), "k"))
    assert outcome == NotSent(NotSentCause.RATE_LIMITED, 7.0)
    assert await case.made(case.email("ada")) == []


async def test_many_are_created_each_with_its_outcome(case: Rig) -> None:
    """In the order of the requests; none for none."""
    emails = [case.email(f"many{number}") for number in range(12)]
    outcomes = await case.backend.create_many([case.request(email, email) for email in emails])
    assert [[o.username] for o in outcomes if isinstance(o, Created)] == [await case.made(e) for e in emails]
    assert await case.backend.create_many([]) == []


async def test_looking_up(case: Rig) -> None:
    """Found while alive, in any case of letters, in its scope only; absent before and after."""
    email = case.email("ada")
    if not case.backend.capabilities.look_up:
        await created(case, email, "k")
        assert await case.backend.look_up(email, SCOPE) == CannotLookUp(), "no absence to be concluded"
        return
    assert await case.backend.look_up(email, SCOPE) == Absent()
    outcome = await created(case, email, "k")
    found = await case.backend.look_up(email.upper(), SCOPE)
    assert isinstance(found, Found)
    assert found.account.username == outcome.username
    assert await case.backend.look_up(email, "rust-7") == Absent()
    await case.backend.close(outcome.username)
    assert await case.backend.look_up(email, SCOPE) == Absent()


async def test_closing_frees_the_address_and_can_be_repeated(case: Rig) -> None:
    """A new life, with a new key, is an account again."""
    email = case.email("ada")
    first = await created(case, email, "k1")
    assert await case.backend.close(first.username) == Closed()
    assert isinstance(await case.backend.close(first.username), Closed)
    assert await case.alive(email) == []
    second = await created(case, email, "k2")
    assert await case.alive(email) == [second.username]
    if case.backend.capabilities.look_up:
        found = await case.backend.look_up(email, SCOPE)
        assert isinstance(found, Found)
        assert _ours(case, found.account, "k2")


async def test_closing_what_the_target_does_not_know_is_closed_already(case: Rig) -> None:
    """What is not there needs no closing, whatever its name looks like."""
    assert await case.backend.close("nobody-7") == Closed(already=True)
    assert await case.backend.close("a/b ü?#%2F\"'") == Closed(already=True)


async def test_a_close_without_an_answer_is_unknown(case: Rig) -> None:
    """And repeating it finds it closed."""
    needs(case, trouble="lost")
    outcome = await created(case, case.email("ada"), "k")
    async with case.trouble("lost"):
        assert isinstance(await case.backend.close(outcome.username), Unknown)
    assert isinstance(await case.backend.close(outcome.username), Closed)
    assert await case.alive(case.email("ada")) == []


async def test_listing(case: Rig) -> None:
    """Every live account, once, and no closed one; or nothing at all."""
    kept, gone = case.email("kept"), case.email("gone")
    first, second = await created(case, kept, "k1"), await created(case, gone, "k2")
    await case.backend.close(second.username)
    listed, more = list[FoundAccount](), None
    while True:
        part = await case.backend.list_accounts(more)
        if not case.backend.capabilities.listing:
            assert part == CannotList()
            return
        assert isinstance(part, Listed)
        listed += part.accounts
        if (more := part.more) is None:
            break
    assert [found.username for found in listed if found.email == kept] == [first.username]
    assert [found for found in listed if found.email == gone] == []


async def test_extending_works_or_cannot_be_done(case: Rig) -> None:
    """It is never an error."""
    outcome = await created(case, case.email("ada"), "k")
    extended = await case.backend.extend(outcome.username, date(2027, 6, 30))
    assert isinstance(extended, Extended | CannotExtend)


async def test_a_token_that_is_no_longer_taken_is_renewed(case: Rig) -> None:
    """In the middle of anything."""
    first = await created(case, case.email("ada"), "k1")
    if not await case.expire_tokens():
        pytest.skip("this target's tokens do not end")
    assert await case.backend.close(first.username) == Closed()
    await case.expire_tokens()
    await created(case, case.email("bob"), "k2")


def _ours(case: Rig, found: FoundAccount, key: str) -> bool:
    """As the provisioner judges it."""
    if found.idempotency_key is not None:
        return found.idempotency_key == case.request("", key).idempotency_key
    return (found.owner, found.scope) == ("manager", SCOPE)
