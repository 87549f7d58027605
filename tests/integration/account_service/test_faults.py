"""Faults on request, over HTTP: each does what it says, with or without the effect."""

import asyncio
import time

import aiohttp
import pytest

from tests.integration.account_service.support import Client


async def found(client: Client, email: str) -> int:
    """How many accounts the address has, with all faults off."""
    await client.faults()
    return len((await client.ask("GET", "/accounts", params={"email": email})).body)


async def test_an_error_before_has_no_effect_and_one_after_has(client: Client) -> None:
    """Both look the same to the client."""
    await client.faults(error_before=1)
    assert (await client.create("before@example.org", "before-1")).status == 500
    assert await found(client, "before@example.org") == 0
    await client.faults(error_after=1)
    assert (await client.create("after@example.org", "after-1")).status == 500
    assert await found(client, "after@example.org") == 1
    assert (await client.create("after@example.org", "after-1")).status == 201


@pytest.mark.parametrize("fault", ["reply_lost", "malformed"])
async def test_a_reply_can_be_lost_or_spoilt_after_the_effect(client: Client, fault: str) -> None:
    """The effect is there all the same."""
    await client.faults(**{fault: 1})
    with pytest.raises((aiohttp.ClientError, ValueError)):
        await client.create(f"{fault}@example.org", f"{fault}-1")
    assert await found(client, f"{fault}@example.org") == 1


async def test_too_many_says_how_long_to_wait(client: Client) -> None:
    """By rate, and by a ceiling."""
    await client.faults(too_many=1, retry_after_seconds=7)
    reply = await client.create("many@example.org", "many-1")
    assert (reply.status, reply.headers["retry-after"]) == (429, "7")
    await client.faults(ceiling_per_second=5)
    statuses = [
        reply.status for reply in await asyncio.gather(*(client.create("m", None) for _ in range(20)))
    ]
    assert statuses.count(429) >= 10
    assert 400 in statuses
    assert await found(client, "many@example.org") == 0


async def test_a_service_that_is_down_does_nothing(client: Client) -> None:
    """Tokens neither; health and control stay reachable."""
    await client.faults(down="unavailable")
    reply = await client.create("down@example.org", "down-1")
    assert (reply.status, reply.headers["retry-after"]) == (503, "1")
    assert (await client.sign_in()).status == 503
    await client.faults(down="closed")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.create("down@example.org", "down-1")
    assert (await client.ask("GET", "/readyz")).status == 200
    assert await found(client, "down@example.org") == 0


async def test_latency_is_waited_before_anything_happens(client: Client) -> None:
    """At least as long as asked for, less the jitter."""
    await client.faults(latency_ms=200, jitter_ms=50)
    started = time.monotonic()
    assert (await client.create("late@example.org", "late-1")).status == 201
    assert time.monotonic() - started >= 0.15


async def test_extras_can_be_switched_off_like_a_foreign_service(client: Client) -> None:
    """The token answer then declares them gone."""
    await client.faults(arrays=False, look_up=False, keys_honoured=False)
    declared = (await client.sign_in()).body["capabilities"]
    assert declared == {"arrays": 0, "lookUpByEmail": False, "idempotencyKeys": False, "listing": False}
    assert (await client.ask("GET", "/accounts?email=a@x.org")).status == 404
    assert (await client.ask("POST", "/accounts", json=[{}])).status == 400


async def test_tokens_can_be_expired_at_once(client: Client) -> None:
    """A client must be able to renew in the middle of anything."""
    assert (await client.control("POST", "expire-tokens")).body["expired"] >= 1
    assert (await client.create("token@example.org", "token-1")).status == 401


async def test_a_fault_that_does_not_exist_changes_nothing(client: Client) -> None:
    """A misspelt fault is an error, and the set in force stays."""
    await client.faults(latency_ms=1)
    reply = await client.control("PUT", "faults", {"latency": 1})
    assert (reply.status, reply.body["error"]["code"]) == (422, "FAULTS_INVALID")
    assert (await client.control("GET", "faults")).body["latency_ms"] == 1


async def test_control_needs_its_own_token(client: Client) -> None:
    """The token of a client is not enough."""
    for method, path in (("GET", "faults"), ("PUT", "faults"), ("GET", "stats"), ("POST", "expire-tokens")):
        assert (await client.ask(method, f"/control/{path}")).status == 401


async def test_stats_count_calls_and_effects(client: Client) -> None:
    """One more of each for one create."""
    before = (await client.control("GET", "stats")).body
    await client.create("stats@example.org", "stats-1")
    await client.create("stats@example.org", "stats-1")
    after = (await client.control("GET", "stats")).body
    assert after["by_operation"]["create"] - before["by_operation"].get("create", 0) == 2
    assert after["created"] - before["created"] == 1
    assert after["cpu_seconds"] > before["cpu_seconds"]
