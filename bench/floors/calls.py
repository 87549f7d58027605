"""The raw calls: the same POSTs to the same account service, with nothing around them."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from uuid import uuid4

import aiohttp

CONCURRENCY = 64


class CallRefused(Exception):
    """The account service did not create an account it was asked for."""


@asynccontextmanager
async def session(token_url: str, client_id: str, secret: str) -> AsyncIterator[aiohttp.ClientSession]:
    """A session that carries an access token."""
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    async with aiohttp.ClientSession() as asking, asking.post(token_url, data=form) as answer:
        answer.raise_for_status()
        token = (await answer.json())["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    made = aiohttp.ClientSession(
        headers=headers,
        connector=aiohttp.TCPConnector(limit=CONCURRENCY),
        cookie_jar=aiohttp.DummyCookieJar(),
    )
    async with made:
        yield made


async def post_all(made: aiohttp.ClientSession, url: str, bodies: Sequence[bytes]) -> float:
    """POST every body, 64 at once, and read the answers; seconds.

    Raises:
        CallRefused: an answer is not 201.
    """
    keyed = iter([(body, {"Idempotency-Key": str(uuid4())}) for body in bodies])
    began = time.perf_counter()
    await asyncio.gather(*(_post(made, url, keyed) for _ in range(CONCURRENCY)))
    return time.perf_counter() - began


async def _post(made: aiohttp.ClientSession, url: str, keyed: Iterator[tuple[bytes, dict[str, str]]]) -> None:
    for body, headers in keyed:
        async with made.post(url, data=body, headers=headers) as answer:
            await answer.read()
            if answer.status != 201:
                raise CallRefused(f"the account service answered {answer.status}")


def arrays_of(bodies: Sequence[bytes], size: int) -> list[tuple[bytes, int]]:
    """The same creates in arrays, each with how many it holds; every item carries a key."""
    keyed = [b'{"idempotencyKey":"%b",%b' % (str(uuid4()).encode(), body[1:]) for body in bodies]
    parts = (keyed[start : start + size] for start in range(0, len(keyed), size))
    return [(b"[%b]" % b",".join(part), len(part)) for part in parts]


async def post_arrays(
    made: aiohttp.ClientSession, url: str, arrays: Sequence[tuple[bytes, int]], at_once: int
) -> None:
    """POST arrays, some at once, and read the answers.

    Raises:
        CallRefused: an item is not created.
    """
    left = iter(arrays)

    async def post() -> None:
        for body, items in left:
            async with made.post(url, data=body) as answer:
                said = await answer.read()
                if answer.status >= 300 or said.count(b'"status":201') != items:
                    raise CallRefused(f"the account service answered {answer.status} to {items} creates")

    await asyncio.gather(*(post() for _ in range(at_once)))
