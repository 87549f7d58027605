"""`Idempotency-Key` in the real table: begun once, taken over after a crash, kept, forgotten."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from deploy.provisioning.database import Provisioned
from services.common.access.idempotency import (
    Attempt,
    Body,
    Done,
    Idempotency,
    Kept,
    Reused,
    Runs,
    Started,
    forget_old_keys,
    line_hash,
)
from services.common.database import Pool, open_pool

LINE = line_hash("POST", "/api/things/", b"")
OTHER = line_hash("POST", "/api/others/", b"")
BODY = Body(b"h" * 32, 12, whole=True)
ANSWER = Kept(201, [("location", "/api/things/7/"), ("x-odd", "ä")], b"p\x00made")
LEASE_S = 30.0


def attempt(key: str = "k", user: str = "sam") -> Attempt:
    """A run of a request."""
    return Attempt(user, key, uuid4())


@pytest.fixture
async def pool(service_database: Provisioned) -> AsyncIterator[Pool]:
    """As the service with the fewest rights has it."""
    async with await open_pool(
        service_database.services["projector"], name="t", size=5, schema="projector"
    ) as pool:
        yield pool


@pytest.fixture
def keys(pool: Pool) -> Idempotency:
    """The table of keys."""
    return Idempotency(pool)


async def test_one_of_many_begins(keys: Idempotency) -> None:
    """The others are told to wait, whichever copy they asked."""
    begun = await asyncio.gather(*(keys.begin(attempt(), LINE, lease_s=LEASE_S) for _ in range(10)))
    assert sorted(type(one).__name__ for one in begun) == ["Runs"] * 9 + ["Started"]
    (left,) = {round(one.lease_s, -1) for one in begun if isinstance(one, Runs)}
    assert left == LEASE_S
    assert isinstance(await keys.begin(attempt(user="uma"), LINE, lease_s=LEASE_S), Started)
    assert await keys.begin(attempt(), OTHER, lease_s=LEASE_S) == Reused()


async def test_an_answer_is_given_again(keys: Idempotency) -> None:
    """With its headers and bytes; to the same request only."""
    run = attempt()
    await keys.begin(run, LINE, lease_s=LEASE_S)
    await keys.finish(run, BODY, ANSWER)
    assert await keys.begin(attempt(), LINE, lease_s=LEASE_S) == Done(
        BODY, Kept(201, ANSWER.headers, b"\x00made")
    )
    assert await keys.begin(attempt(), OTHER, lease_s=LEASE_S) == Reused()


async def test_an_answer_that_is_not_kept(keys: Idempotency) -> None:
    """That it was given is."""
    run = attempt()
    await keys.begin(run, LINE, lease_s=LEASE_S)
    await keys.finish(run, BODY, Kept(200, [], None))
    assert await keys.begin(attempt(), LINE, lease_s=LEASE_S) == Done(BODY, Kept(200, [], None))


async def test_a_released_key_is_free(keys: Idempotency) -> None:
    """As if nothing had been asked; only the run that has it can release it."""
    run = attempt()
    await keys.begin(run, LINE, lease_s=LEASE_S)
    await keys.release(attempt())
    assert isinstance(await keys.begin(attempt(), LINE, lease_s=LEASE_S), Runs)
    await keys.release(run)
    assert await keys.begin(attempt(), OTHER, lease_s=LEASE_S) == Started()


async def test_after_a_crash_one_takes_over(keys: Idempotency, pool: Pool) -> None:
    """When the lease is over, and with the same request; the dead one, should it wake, changes nothing."""
    dead, heir = attempt(), attempt()
    await keys.begin(dead, LINE, lease_s=LEASE_S)
    await keys.renew(dead, lease_s=-1.0)
    assert await keys.begin(attempt(), OTHER, lease_s=LEASE_S) == Reused()
    begun = await asyncio.gather(*(keys.begin(one, LINE, lease_s=LEASE_S) for one in (heir, attempt())))
    assert sorted(type(one).__name__ for one in begun) == ["Runs", "Started"]
    await keys.renew(dead, lease_s=500.0)
    await keys.finish(dead, BODY, ANSWER)
    await keys.release(dead)
    found = await keys.begin(attempt(), LINE, lease_s=LEASE_S)
    assert isinstance(found, Runs)
    assert found.lease_s <= LEASE_S


async def test_keys_are_kept_for_a_day(keys: Idempotency, pool: Pool, service_database: Provisioned) -> None:
    """Then the key is free, whether or not somebody has cleaned up; a day's keys stay."""
    for key in ("old", "older", "new"):
        run = attempt(key)
        await keys.begin(run, LINE, lease_s=LEASE_S)
        await keys.finish(run, BODY, ANSWER)
    await pool.execute(
        "UPDATE access.idempotency SET started_at = now() - interval '25 hours' WHERE key LIKE 'old%'"
    )
    assert await keys.begin(attempt("old"), OTHER, lease_s=LEASE_S) == Started()
    assert await forget_old_keys(pool) == 1
    left = [row["key"] for row in await pool.fetch("SELECT key FROM access.idempotency ORDER BY key")]
    assert left == ["new", "old"]
