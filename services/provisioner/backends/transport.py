"""One HTTP call over the shared session: bounded, and every network failure turned into an outcome."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import aiohttp
from yarl import URL

from services.provisioner.backends import reading
from services.provisioner.backends.outcomes import NotSent, NotSentCause, Unknown, UnknownCause

MAX_ANSWER_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answered:
    """The target answered, whatever it said."""

    status: int
    body: bytes
    retry_after: float | None
    headers: Mapping[str, str]


class Transport:
    """A session with a bounded number of kept-alive connections."""

    def __init__(
        self,
        *,
        concurrency: int,
        connect_timeout: float,
        now: Callable[[], datetime],
        keep_alive: float = 15.0,
    ) -> None:
        # Shorter than servers usually keep idle connections: one that dies under a POST is an unknown outcome.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=concurrency, keepalive_timeout=keep_alive, ttl_dns_cache=30),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
        )
        self._connect_timeout = connect_timeout
        self._now = now

    async def call(
        self,
        method: str,
        url: str | URL,
        *,
        within: float,
        headers: Mapping[str, str] | None = None,
        data: bytes | aiohttp.FormData | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Answered | Unknown | NotSent:
        """One exchange, within so many seconds.

        Waiting for a free connection counts as connecting: nothing has been sent yet.
        """
        limits = _limits(within, min(within, self._connect_timeout))
        try:
            async with self._session.request(
                method, url, headers=headers, data=data, params=params, timeout=limits, allow_redirects=False
            ) as response:
                body = await _read(response)
                wait = reading.retry_after(response.headers.get("Retry-After"), self._now())
                if body is None:
                    return reading.MALFORMED
                return Answered(response.status, body, wait, response.headers)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            return NotSent(NotSentCause.CONNECT_FAILED)
        except TimeoutError:
            return Unknown(UnknownCause.TIMEOUT)
        except (aiohttp.ClientResponseError, aiohttp.ClientPayloadError, aiohttp.InvalidURL):
            return reading.MALFORMED
        except (aiohttp.ClientError, OSError):
            return Unknown(UnknownCause.CONNECTION_LOST)

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()
        # The session closes its transports in the next turn of the loop only.
        await asyncio.sleep(0)


async def _read(response: aiohttp.ClientResponse) -> bytes | None:
    """The whole body, or None when it is larger than anything this protocol has to say."""
    length = response.content_length
    if length is not None and length <= MAX_ANSWER_BYTES and "Content-Encoding" not in response.headers:
        return await response.read()
    taken = bytearray()
    async for chunk in response.content.iter_any():
        taken += chunk
        if len(taken) > MAX_ANSWER_BYTES:
            return None
    return bytes(taken)


@cache
def _limits(total: float, connect: float) -> aiohttp.ClientTimeout:
    """The few that there are, made once: each takes as long to make as a header to parse."""
    return aiohttp.ClientTimeout(total=total, connect=connect)
