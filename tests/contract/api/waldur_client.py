"""A client written by hand from the table in the description of Waldur's endpoints: nothing of ours but the addresses.

Every field must be there and of exactly the type that is written there; what else there is, is ignored, as an
unchanged client would.
"""

import re
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any, Final, Literal

import httpx2
import msgspec

_PATH: Final = "/api/marketplace-course-accounts/"
Uuid = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}$")]
Moment = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")]
Day = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\d$")]


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A course account."""

    url: str
    uuid: Uuid
    created: Moment
    modified: Moment
    project: Uuid
    project_uuid: Uuid
    project_name: str
    project_slug: str
    project_start_date: Day | None
    project_end_date: Day | None
    user_uuid: str | None
    username: str | None
    customer_uuid: Uuid | None
    customer_name: str | None
    state: Literal["OK", "Closed", "Erred", "Pending"]
    error_message: str
    error_traceback: Literal[""]
    email: str
    description: str


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(f"{status}: {body}")
        self.status = status
        self.body = body


class WaldurClient:
    """The endpoints of `marketplace-course-accounts`. `http` signs in and knows the host."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http

    async def create(self, email: str, project: str, description: str = "") -> Account:
        """Ask for one account."""
        body = {"email": email, "project": project, "description": description}
        return _one(await self._http.post(_PATH, json=body), 201)

    async def create_bulk(self, emails: Sequence[str], project: str) -> list[Account]:
        """Ask for many."""
        body = {"course_accounts": [{"email": email} for email in emails], "project": project}
        return _many(await self._http.post(f"{_PATH}create_bulk/", json=body))

    async def retrieve(self, uuid: str) -> Account:
        """Read one."""
        return _one(await self._http.get(f"{_PATH}{uuid}/"), 200)

    async def retry(self, uuid: str) -> Account:
        """Try an Erred one again."""
        return _one(await self._http.post(f"{_PATH}{uuid}/retry/"), 202)

    async def delete(self, uuid: str) -> Account:
        """Close one."""
        return _one(await self._http.delete(f"{_PATH}{uuid}/"), 202)

    async def count(self, **filters: Any) -> int:
        """How many there are."""
        answer = await self._http.head(_PATH, params=filters)
        assert (answer.status_code, answer.content) == (200, b"")
        return int(answer.headers["X-Result-Count"])

    async def listed(self, **filters: Any) -> list[Account]:
        """One page."""
        return _many(await self._http.get(_PATH, params=filters))

    async def pages(self, **filters: Any) -> AsyncIterator[list[Account]]:
        """Page after page, as `Link` leads."""
        answer = await self._http.get(_PATH, params=filters)
        while True:
            yield _many(answer)
            links = dict(
                reversed(one) for one in re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers["Link"])
            )
            assert {"first", "last"} <= set(links)
            if "next" not in links:
                return
            answer = await self._http.get(links["next"])


def _one(answer: httpx2.Response, status: int) -> Account:
    return msgspec.json.decode(_body(answer, status), type=Account)


def _many(answer: httpx2.Response) -> list[Account]:
    return msgspec.json.decode(_body(answer, 200), type=list[Account])


def _body(answer: httpx2.Response, status: int) -> bytes:
    kind = answer.headers["Content-Type"]
    if answer.status_code >= 400:
        assert kind == "application/problem+json", kind
        raise Refused(answer.status_code, answer.json())
    assert (answer.status_code, kind) == (status, "application/json"), answer.text
    return answer.content
