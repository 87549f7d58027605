"""Two strict clients run the whole life of accounts: one generated from our document, one by hand from the table."""

import re
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID, uuid4

import pytest

from deploy.openapi.tidying import Document
from tests.contract.api.generated_client import GeneratedClient
from tests.contract.api.waldur_client import Refused, WaldurClient
from tests.support.waiting import until

if TYPE_CHECKING:
    from tests.e2e.site import Site

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
_MANY = 500
_REPEATED = 40


class Accounts(Protocol):
    """What both clients can do. An account has the fields of the contract as attributes."""

    async def create(self, email: str, project: str, description: str = "") -> Any:
        """Ask for one account."""

    async def create_bulk(self, emails: Sequence[str], project: str) -> Sequence[Any]:
        """Ask for many."""

    async def retrieve(self, uuid: str) -> Any:
        """Read one."""

    async def retry(self, uuid: str) -> Any:
        """Try an Erred one again."""

    async def delete(self, uuid: str) -> Any:
        """Close one."""

    async def count(self, **filters: Any) -> int:
        """How many there are."""

    async def listed(self, **filters: Any) -> Sequence[Any]:
        """One page."""

    def pages(self, **filters: Any) -> AsyncIterator[Sequence[Any]]:
        """Page after page."""


class GeneratedAccounts:
    """The generated client in these words."""

    def __init__(self, client: GeneratedClient) -> None:
        self._client = client

    async def create(self, email: str, project: str, description: str = "") -> Any:
        """Ask for one account."""
        body = {"email": email, "project": project, "description": description}
        return await self._done("create_account", body=body)

    async def create_bulk(self, emails: Sequence[str], project: str) -> Sequence[Any]:
        """Ask for many."""
        body = {"course_accounts": [{"email": email} for email in emails], "project": project}
        found: Sequence[Any] = await self._done("create_accounts", body=body)
        return found

    async def retrieve(self, uuid: str) -> Any:
        """Read one."""
        return await self._done("read_account", path={"uuid": uuid})

    async def retry(self, uuid: str) -> Any:
        """Try an Erred one again."""
        return await self._done("retry_account", path={"uuid": uuid})

    async def delete(self, uuid: str) -> Any:
        """Close one."""
        return await self._done("close_account", path={"uuid": uuid})

    async def count(self, **filters: Any) -> int:
        """How many there are."""
        _, headers = await self._client.call("count_accounts", **filters)
        return int(headers["X-Result-Count"])

    async def listed(self, **filters: Any) -> Sequence[Any]:
        """One page."""
        found: Sequence[Any] = await self._done("list_accounts", **filters)
        return found

    async def pages(self, **filters: Any) -> AsyncIterator[Sequence[Any]]:
        """Page after page."""
        page, headers = await self._client.call("list_accounts", **filters)
        yield page
        while following := re.search(r'<([^>]+)>; rel="next"', headers["Link"]):
            page, headers = await self._client.follow("list_accounts", following[1])
            yield page

    async def _done(self, name: str, **asked: Any) -> Any:
        answer, _ = await self._client.call(name, **asked)
        if hasattr(answer, "code"):
            raise Refused(answer.status, answer.model_dump())
        return answer


@pytest.fixture(params=["generated from our document", "written from the table"])
async def accounts(
    request: pytest.FixtureRequest, site: "Site", document: Document, tmp_path: Path
) -> Accounts:
    """One of the two clients, signed in as staff."""
    if request.param.startswith("generated"):
        return GeneratedAccounts(GeneratedClient(site.http, document, tmp_path))
    return WaldurClient(site.http)


async def test_whole_life(accounts: Accounts, site: "Site") -> None:
    """Create, bulk of 500 with repeats, poll until none is Pending, filter, page, retry an Erred one, delete."""
    project = (await site.course()).project_id.hex
    mark = uuid4().hex[:8]
    emails = [f"life{number:03}-{mark}@example.org" for number in range(_MANY - _REPEATED)]
    refused = f"later-{mark}@refused-{mark}.example"
    await site.faults(refuse=f"*@refused-{mark}.example")

    first = await accounts.create(emails[0], project, "Group 1")
    assert (first.state, first.email, first.project_uuid) == ("Pending", emails[0], project)
    again = await accounts.create(emails[0].upper().replace("EXAMPLE.ORG", "example.org"), str(UUID(project)))
    assert again.uuid == first.uuid  # D3: upper case makes no other person

    made = await accounts.create_bulk([*emails[:-1], refused, *emails[:_REPEATED]], project)
    assert len(made) == len({one.uuid for one in made}) == len(emails)
    assert {one.state for one in made} <= {"Pending", "OK"}
    assert next(one for one in made if one.email == emails[0]).uuid == first.uuid

    async def none_pending() -> bool:
        return await accounts.count(project_uuid=project, state="Pending") == 0

    await until(none_pending, "no account to be Pending", within_s=60)
    everything = await accounts.count(project_uuid=project)
    await _find(accounts, project, emails, mark)

    pages = [page async for page in accounts.pages(project_uuid=project, page_size=100, o="email")]
    listed = [one.email for page in pages for one in page]
    assert len(listed) == len(set(listed)) == everything
    assert listed == sorted(listed)
    assert all(len(page) == 100 for page in pages[:-1])

    [erred] = await accounts.listed(project_uuid=project, state="Erred")
    assert (erred.email, erred.error_message != "", erred.username) == (refused, True, None)
    await site.faults()
    pending = await accounts.retry(erred.uuid)
    assert (pending.state, pending.error_message) == ("Pending", "")
    await until(lambda: _is(accounts, erred.uuid, "OK"), "the retried account")
    with pytest.raises(Refused) as conflict:
        await accounts.retry(erred.uuid)
    assert conflict.value.status == 409

    closing = await accounts.delete(first.uuid)
    assert closing.uuid == first.uuid
    await until(lambda: _is(accounts, first.uuid, "Closed"), "the account to be closed")
    assert await accounts.count(project_uuid=project, state="Closed") == 1
    with pytest.raises(Refused) as nothing:
        await accounts.retrieve("0" * 32)
    assert nothing.value.status == 404


async def test_an_account_is_never_changed_in_place(site: "Site") -> None:
    """PUT and PATCH are answered with 405, whoever asks."""
    for method in ("PUT", "PATCH"):
        answer = await site.http.request(method, f"/api/marketplace-course-accounts/{'0' * 32}/", json={})
        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]


async def test_waldurs_refusals(site: "Site") -> None:
    """What Waldur answers with 400 is a 400 here, and nothing is created."""
    project = (await site.course()).project_id.hex
    client = WaldurClient(site.http)
    wrong = [
        client.create("not an address", project),
        client.create("ada@example.org", "0" * 32),
        client.create("ada@example.org", "no uuid"),
        client.create_bulk([], project),
        client.create_bulk(["ada@example.org", "not an address"], project),
    ]
    for asked in wrong:
        with pytest.raises(Refused) as refused:
            await asked
        assert refused.value.status == 400, refused.value
    assert await client.count(project_uuid=project) == 0


async def _find(accounts: Accounts, project: str, emails: Sequence[str], mark: str) -> None:
    """Every filter finds what it should, and only that."""
    only: dict[str, Any] = {"project_uuid": project}
    [ok] = await accounts.listed(**only, email=emails[7].upper())
    assert (ok.email, ok.state) == (emails[7], "OK")
    assert [one.uuid for one in await accounts.listed(username=ok.username)] == [ok.uuid]
    assert await accounts.count(**only, username=ok.username[:-1]) == 0
    assert await accounts.count(**only, state=["OK", "Erred"]) == await accounts.count(**only)
    assert await accounts.count(**only, state="Erred") == 1
    assert await accounts.count(**only, email=f"-{mark}@EXAMPLE") == await accounts.count(**only, state="OK")
    assert await accounts.count(**only, project_end_date_before="2000-01-01") == 0
    assert await accounts.count(**only, project_end_date_after="2000-01-01") == await accounts.count(**only)
    assert await accounts.count(**only, project_start_date_before="2000-01-01") == 0
    backwards = await accounts.listed(**only, o="-state,email", page_size=5)
    assert len(backwards) == 5


async def _is(accounts: Accounts, uuid: str, state: str) -> bool:
    return bool((await accounts.retrieve(uuid)).state == state)
