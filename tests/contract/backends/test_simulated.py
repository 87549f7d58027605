"""The Waldur-style backend and what only the simulated service has: arrays, flaky addresses, being down."""

import asyncio

import pytest

from services.provisioner.backends import (
    CannotLookUp,
    Created,
    Exists,
    NotSent,
    NotSentCause,
    Refused,
    Unknown,
    UnknownCause,
)
from tests.contract.backends.rig import SCOPE
from tests.contract.backends.simulated import SimulatedRig


async def test_the_same_key_with_another_body_is_unknown(simulated: SimulatedRig) -> None:
    """Nothing is done for the new body, yet the old one may have had an effect, so it is no refusal."""
    email = simulated.email("ada")
    await simulated.backend.create(simulated.request(email, "k"))
    outcome = await simulated.backend.create(simulated.request(email, "k", description="another"))
    assert outcome == Unknown(UnknownCause.KEY_REUSED)


async def test_a_flaky_target_is_unknown_until_it_works(simulated: SimulatedRig) -> None:
    """The same key all the way."""
    request = simulated.request(simulated.email("flaky+flo"), "k")
    outcomes = [await simulated.backend.create(request) for _ in range(3)]
    assert [type(outcome) for outcome in outcomes] == [Unknown, Unknown, Created]
    assert len(simulated.effects(simulated.email("flaky+flo"))) == 1


async def test_a_target_that_is_down_was_not_called(simulated: SimulatedRig) -> None:
    """It says so itself, or has no token to give."""
    await simulated.backend.prepare()
    await simulated.faults(down="unavailable", retry_after_seconds=3)
    request = simulated.request(simulated.email("ada"), "k")
    assert await simulated.backend.create(request) == NotSent(NotSentCause.UNAVAILABLE, 3.0)
    await simulated.faults()
    await simulated.expire_tokens()
    await simulated.faults(down="closed")
    assert isinstance(await simulated.backend.create(request), Unknown)
    await simulated.faults()
    assert isinstance(await simulated.backend.create(request), Created)


async def test_a_token_that_is_no_longer_taken_is_renewed_once(simulated: SimulatedRig) -> None:
    """Also when many calls find out together: one renewal, nothing lost."""
    await simulated.backend.prepare()
    await simulated.expire_tokens()
    before = await simulated.calls("token")
    requests = [simulated.request(simulated.email(f"bob{number}"), f"k{number}") for number in range(30)]
    outcomes = await asyncio.gather(*map(simulated.backend.create, requests))
    assert all(isinstance(outcome, Created) for outcome in outcomes)
    assert await simulated.calls("token") == before + 1


@pytest.mark.parametrize("arrays", [True, False])
async def test_many_are_created_in_order_each_with_its_outcome(simulated: SimulatedRig, arrays: bool) -> None:
    """In arrays where the target takes them; the outcomes are the same without."""
    await simulated.faults(arrays=arrays)
    names = ["a", "refused+b", "taken+c", "flaky+d", *(f"e{number}" for number in range(246))]
    requests = [simulated.request(simulated.email(name), name) for name in names]
    before = await simulated.calls("create")
    outcomes = await simulated.backend.create_many(requests)
    assert [type(outcome) for outcome in outcomes] == [Created, Refused, Exists, Unknown] + [Created] * 246
    assert isinstance(outcomes[2], Exists)
    assert outcomes[2].found is not None
    for name in ("a", "e0", "e245"):
        outcome = outcomes[names.index(name)]
        assert isinstance(outcome, Created)
        assert await simulated.made(simulated.email(name)) == [outcome.username]
    assert await simulated.calls("create") - before == (3 if arrays else 250)
    again = await simulated.backend.create_many([requests[0], requests[-1]])
    assert again == [outcomes[0], outcomes[-1]], "the same keys, the same accounts"


async def test_an_array_whose_reply_is_lost_is_unknown_as_a_whole(simulated: SimulatedRig) -> None:
    """And the same keys give the same accounts afterwards."""
    requests = [simulated.request(simulated.email(f"p{number}"), f"k{number}") for number in range(5)]
    async with simulated.trouble("lost"):
        outcomes = await simulated.backend.create_many(requests)
    assert outcomes == [Unknown(UnknownCause.CONNECTION_LOST)] * 5
    assert all(isinstance(outcome, Created) for outcome in await simulated.backend.create_many(requests))
    assert [len(simulated.effects(simulated.email(f"p{number}"))) for number in range(5)] == [1] * 5


async def test_without_a_look_up_nothing_is_concluded(simulated: SimulatedRig) -> None:
    """Not absent, but no way to tell; and an existing account is not shown."""
    email = simulated.email("ada")
    await simulated.backend.create(simulated.request(email, "k"))
    await simulated.faults(look_up=False)
    await simulated.expire_tokens()
    assert await simulated.backend.create(simulated.request(email, "other")) == Exists(None)
    assert await simulated.backend.look_up(email, SCOPE) == CannotLookUp()
