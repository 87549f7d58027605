"""The Waldur-style account service over HTTP, with the extras of a target that declares them."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from types import TracebackType
from typing import Self
from urllib.parse import quote

import orjson
from yarl import URL

from services.provisioner.backends import reading
from services.provisioner.backends.outcomes import (
    Absent,
    CannotExtend,
    CannotList,
    CannotLookUp,
    CloseResult,
    CreateResult,
    Exists,
    ExtendResult,
    Found,
    ListResult,
    LookUpResult,
    NotSent,
    Refused,
    Unknown,
)
from services.provisioner.backends.protocol import Capabilities, CreateRequest
from services.provisioner.backends.tokens import TokenSource
from services.provisioner.backends.transport import Answered, Transport

KEY_HEADER = "Idempotency-Key"


class HttpBackend:
    """A `Backend`; an async context manager, as it holds connections.

    `url` is where accounts are created (`POST <url>`), read and closed below it. `assume` overrides what
    the target declares, for one that has look-up or keys without saying so.
    """

    def __init__(
        self,
        *,
        url: str,
        token_url: str,
        client_id: str,
        client_secret: str,
        concurrency: int = 64,
        timeout: float = 30.0,
        connect_timeout: float = 5.0,
        assume: Capabilities | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = URL(url.rstrip("/"))
        self._timeout = timeout
        self._singles = asyncio.Semaphore(concurrency)
        self._assume = assume
        self._transport = Transport(concurrency=concurrency, connect_timeout=connect_timeout, now=now)
        self._tokens = TokenSource(
            self._transport,
            token_url,
            client_id=client_id,
            client_secret=client_secret,
            timeout=timeout,
            monotonic=monotonic,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._tokens.close()
        await self._transport.close()

    @property
    def capabilities(self) -> Capabilities:
        """As assumed, or as last declared with a token."""
        return self._assume or self._tokens.declared

    async def prepare(self) -> NotSent | None:
        """Get a token, and with it the capabilities."""
        token = await self._tokens.get()
        return token if isinstance(token, NotSent) else None

    async def create(self, request: CreateRequest) -> CreateResult:
        """Create one account."""
        answer = await self._call(
            "POST",
            self._url,
            within=request.timeout,
            headers={KEY_HEADER: request.idempotency_key},
            data=request.body,
        )
        if not isinstance(answer, Answered):
            return answer
        outcome = reading.created(answer.status, reading.decoded(answer.body), answer.retry_after)
        return await self._identified(outcome, request)

    async def create_many(self, requests: Sequence[CreateRequest]) -> list[CreateResult]:
        """Create several: in arrays where the target takes them, else one by one at the same time."""
        unready = await self.prepare()
        if unready is not None:
            return [unready] * len(requests)
        size = self.capabilities.arrays
        if size <= 1:
            return list(await asyncio.gather(*map(self._create_in_turn, requests)))
        parts = [requests[start : start + size] for start in range(0, len(requests), size)]
        outcomes = await asyncio.gather(*map(self._create_array, parts))
        return [outcome for part in outcomes for outcome in part]

    async def look_up(self, email: str, scope: str) -> LookUpResult:
        """Ask a target that declares a look-up, or declares nothing: then finding counts, but not finding does not."""
        unready = await self.prepare()
        if unready is not None:
            return unready
        capabilities = self.capabilities
        if capabilities.declared and not capabilities.look_up:
            return CannotLookUp()
        answer = await self._call("GET", self._url, within=self._timeout, params={"email": email})
        if not isinstance(answer, Answered):
            return answer
        if answer.status in {404, 405, 501}:
            return CannotLookUp()
        if answer.status != 200:
            return reading.no_effect(answer.status, reading.decoded(answer.body), answer.retry_after)
        found = reading.found(reading.decoded(answer.body), email, scope)
        return CannotLookUp() if isinstance(found, Absent) and not capabilities.look_up else found

    async def close(self, username: str) -> CloseResult:
        """Close one account."""
        if username in {"", ".", ".."}:
            return Refused("USERNAME_INVALID", "This user name cannot be part of an address.")
        url = URL(f"{self._url}/{quote(username, safe='')}/close", encoded=True)
        answer = await self._call("PUT", url, within=self._timeout)
        if not isinstance(answer, Answered):
            return answer
        return reading.closed(answer.status, reading.decoded(answer.body), answer.retry_after)

    async def extend(self, username: str, valid_to: date | datetime) -> ExtendResult:  # noqa: ARG002 - of the protocol
        """This protocol has no such call."""
        return CannotExtend()

    async def list_accounts(self, more: str | None = None) -> ListResult:
        """Some of the live accounts, where the target lists them."""
        unready = await self.prepare()
        if unready is not None:
            return unready
        if not self.capabilities.listing:
            return CannotList()
        answer = await self._call("GET", self._url, within=self._timeout, params={"after": more or ""})
        if not isinstance(answer, Answered):
            return answer
        if answer.status != 200:
            return reading.no_effect(answer.status, reading.decoded(answer.body), answer.retry_after)
        return reading.listed(reading.decoded(answer.body))

    async def _create_in_turn(self, request: CreateRequest) -> CreateResult:
        # Waiting for a free connection inside the session would run into the time allowed for connecting.
        async with self._singles:
            return await self.create(request)

    async def _create_array(self, requests: Sequence[CreateRequest]) -> list[CreateResult]:
        body = b"[%b]" % b",".join(map(_keyed, requests))
        within = max(request.timeout for request in requests)
        answer = await self._call("POST", self._url, within=within, data=body)
        if not isinstance(answer, Answered):
            return [answer] * len(requests)
        items = reading.decoded(answer.body)
        if not 200 <= answer.status < 300:
            return [reading.no_effect(answer.status, items, answer.retry_after)] * len(requests)
        if not isinstance(items, list) or len(items) != len(requests):
            return [reading.MALFORMED] * len(requests)
        return [
            await self._identified(_item(item), request)
            for item, request in zip(items, requests, strict=True)
        ]

    async def _identified(self, outcome: CreateResult, request: CreateRequest) -> CreateResult:
        """With the account that holds the address, where the target can be asked for it."""
        if not isinstance(outcome, Exists) or not self.capabilities.look_up:
            return outcome
        order = request.order
        holder = await self.look_up(order.email, order.scope)
        return Exists(holder.account) if isinstance(holder, Found) else outcome

    async def _call(
        self,
        method: str,
        url: URL,
        *,
        within: float,
        headers: dict[str, str] | None = None,
        data: bytes | None = None,
        params: dict[str, str] | None = None,
    ) -> Answered | Unknown | NotSent:
        """One call with a token; a token that is no longer taken is renewed once."""
        answer: Answered | Unknown | NotSent | None = None
        for _ in range(2):
            token = await self._tokens.get()
            if isinstance(token, NotSent):
                return token
            sent = {"Authorization": f"Bearer {token}", **(headers or {})}
            if data is not None:
                sent["Content-Type"] = "application/json"
            answer = await self._transport.call(
                method, url, within=within, headers=sent, data=data, params=params
            )
            if not isinstance(answer, Answered) or answer.status != 401:
                return answer
            self._tokens.discard(token)
        assert answer is not None  # noqa: S101 - the loop ran
        return answer


def _keyed(request: CreateRequest) -> bytes:
    """The frozen body with its key as a first field, without taking the JSON apart."""
    return b'{"idempotencyKey":%b,%b' % (orjson.dumps(request.idempotency_key), request.body[1:])


def _item(item: object) -> CreateResult:
    status = item.get("status") if isinstance(item, dict) else None
    if type(status) is not int:
        return reading.MALFORMED
    return reading.created(status, item, None)
