"""A plain client of the account service, so that its tests do not lean on our own backend."""

from typing import Any, NamedTuple

import aiohttp

from deploy.account_service.launch import CLIENT_ID, CLIENT_SECRET, CONTROL_TOKEN, LaunchedService


class Reply(NamedTuple):
    """What came back."""

    status: int
    body: Any
    headers: dict[str, str]


class Client:
    """One client of one service."""

    def __init__(self, service: LaunchedService, session: aiohttp.ClientSession) -> None:
        self.service = service
        self._session = session
        self._token = ""

    async def ask(self, method: str, path: str, *, token: str | None = None, **more: Any) -> Reply:
        """One call; the headers' names come in small letters."""
        headers = {
            "Authorization": f"Bearer {self._token if token is None else token}",
            **more.pop("headers", {}),
        }
        async with self._session.request(
            method, self.service.url + path, headers=headers, **more
        ) as response:
            is_json = "json" in response.headers.get("Content-Type", "")
            body = await response.json() if is_json else await response.text()
            return Reply(
                response.status, body, {name.lower(): value for name, value in response.headers.items()}
            )

    async def sign_in(self) -> Reply:
        """Get a token and use it from now on."""
        form = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        reply = await self.ask("POST", "/oauth/token", data=form)
        if reply.status == 200:
            self._token = reply.body["access_token"]
        return reply

    async def create(self, email: str, key: str | None = None, **fields: object) -> Reply:
        """One create."""
        headers = {} if key is None else {"Idempotency-Key": key}
        return await self.ask("POST", "/accounts", headers=headers, json=order(email, **fields))

    async def control(self, method: str, path: str, body: object = None) -> Reply:
        """One call to the operator's side."""
        return await self.ask(method, f"/control/{path}", token=CONTROL_TOKEN, json=body)

    async def faults(self, **faults: object) -> None:
        """Replace all faults."""
        reply = await self.control("PUT", "faults", faults)
        assert reply.status == 200, reply.body


def order(email: str, **fields: object) -> dict[str, object]:
    """The body of a create."""
    return {
        "email": email,
        "scopeSlug": "python-101",
        "scopeType": "project",
        "ownerUsername": "manager",
        **fields,
    }
