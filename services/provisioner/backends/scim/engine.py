"""scim2-client over our own transport: its messages and checks, our outcomes of network and status."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from scim2_client.client import BaseAsyncSCIMClient
from scim2_models import ScimProvider

from services.provisioner.backends import reading
from services.provisioner.backends.outcomes import NotSent, Refused, Unknown
from services.provisioner.backends.tokens import Tokens
from services.provisioner.backends.transport import Answered, Transport

_MEDIA_TYPE = "application/scim+json"


class Stopped(Exception):
    """No success: `outcome` says what that means, `status` what the server said, 0 if it said nothing."""

    def __init__(self, outcome: Refused | Unknown | NotSent, status: int = 0) -> None:
        super().__init__(type(outcome).__name__)
        self.outcome = outcome
        self.status = status


@dataclass(frozen=True, slots=True)
class Reply:
    """A success as scim2-client wants it."""

    status_code: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body."""
        return self.body.decode("utf-8", "replace")


class Engine(BaseAsyncSCIMClient):
    """Sends what scim2-client has prepared; only successes come back, all else is `Stopped`."""

    def __init__(
        self, provider: ScimProvider, *, transport: Transport, url: str, tokens: Tokens, timeout: float
    ) -> None:
        super().__init__(provider=provider)
        self._transport = transport
        self._url = url.rstrip("/")
        self._tokens = tokens
        self._timeout = timeout

    async def request(self, method: str, url: str, **kwargs: Any) -> Reply:
        """One call with a token; a token that is no longer taken is renewed once.

        Raises:
            Stopped: it was not sent, not answered, or not successful.
        """
        for last in (False, True):
            token = await self._tokens.get()
            if isinstance(token, NotSent):
                raise Stopped(token)
            answer = await self._call(method, url, token, kwargs)
            if answer.status != 401 or last:
                break
            self._tokens.discard(token)
        if 200 <= answer.status < 300:
            return Reply(answer.status, answer.headers, answer.body)
        raise _declined(answer)

    async def _call(self, method: str, url: str, token: str, more: dict[str, Any]) -> Answered:
        headers = {"Accept": _MEDIA_TYPE, "Authorization": f"Bearer {token}", **more.get("headers", {})}
        data = None
        if "json" in more:
            headers["Content-Type"] = _MEDIA_TYPE
            data = orjson.dumps(more["json"])
        params = {name: str(value) for name, value in more.get("params", {}).items()}
        answer = await self._transport.call(
            method,
            self._url + url,
            within=more.get("within", self._timeout),
            headers=headers,
            data=data,
            params=params,
        )
        if not isinstance(answer, Answered):
            raise Stopped(answer)
        return answer

    def _parse_json(self, response: Any) -> Any:
        return orjson.loads(response.body)


def _declined(answer: Answered) -> Stopped:
    error = reading.decoded(answer.body)
    said = error if isinstance(error, dict) else {}
    code, message = said.get("scimType"), said.get("detail")
    outcome = reading.failed(
        answer.status,
        code[:64] if isinstance(code, str) and code else None,
        message[: reading.MAX_MESSAGE] if isinstance(message, str) else "",
        answer.retry_after,
    )
    return Stopped(outcome, answer.status)
