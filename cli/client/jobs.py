"""Commands about accounts: one at once, many as jobs."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from cli.client.api import Api, read
from cli.client.models import Account
from cli.client.paging import by_cursor

_ACCOUNTS = "/api/marketplace-course-accounts"
_JOBS = "/api/jobs"
OVER = frozenset({"finished", "cancelled"})


class Job(msgspec.Struct, frozen=True):
    """A job as it stands; `total` accounts, of which so many were changed, needed nothing, were refused, dropped."""

    uuid: str
    action: str
    state: str
    author: str = ""
    reason: str = ""
    created: str | None = None
    finished: str | None = None
    total: int = 0
    done: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    dropped: int = 0
    rate: float | None = None
    eta_seconds: float | None = None
    poll_after: float | None = None

    @property
    def over(self) -> bool:
        """Whether nothing more is decided."""
        return self.state in OVER


class Ordered(msgspec.Struct, frozen=True):
    """The answer to an order."""

    job: str
    accounts: int


class DryRun(msgspec.Struct, frozen=True):
    """What an order would be about."""

    accounts: int
    by_code: dict[str, int] = {}
    by_state: dict[str, int] = {}


class Refusal(msgspec.Struct, frozen=True):
    """An account with which nothing could be done, and why."""

    account_uuid: str
    email: str | None = None
    code: str = ""
    message: str = ""
    hint: str = ""


def retry_account(api: Api, uuid: str, reason: str) -> tuple[Account, bytes]:
    """Try again to make a failed account."""
    return _account(api, "POST", f"{_ACCOUNTS}/{uuid}/retry/", reason)


def close_account(api: Api, uuid: str, reason: str) -> tuple[Account, bytes]:
    """Close an account."""
    return _account(api, "DELETE", f"{_ACCOUNTS}/{uuid}/", reason)


def read_account(api: Api, uuid: str) -> tuple[Account, bytes]:
    """An account."""
    response = api.get(f"{_ACCOUNTS}/{uuid}/")
    return read(response, Account), response.content


def order(api: Api, wanted: Mapping[str, Any], *, key: str) -> tuple[Ordered, bytes]:
    """Ask for a job, once for each key."""
    response = api.request("POST", f"{_JOBS}/", json=wanted, headers={"Idempotency-Key": key})
    return read(response, Ordered), response.content


def count(api: Api, wanted: Mapping[str, Any]) -> tuple[DryRun, bytes]:
    """What an order would be about; nothing is changed."""
    response = api.request("POST", f"{_JOBS}/", json={**wanted, "dry_run": True})
    return read(response, DryRun), response.content


def read_job(api: Api, uuid: str) -> tuple[Job, bytes]:
    """A job, and the answer's bytes."""
    response = api.get(f"{_JOBS}/{uuid}/")
    return read(response, Job), response.content


def cancel_job(api: Api, uuid: str) -> tuple[Job, bytes]:
    """Drop what a job has not begun."""
    response = api.request("POST", f"{_JOBS}/{uuid}/cancel/")
    return read(response, Job), response.content


def list_jobs(api: Api) -> Iterator[bytes]:
    """The jobs, newest first, each as its JSON bytes."""
    return by_cursor(api, f"{_JOBS}/", {"page_size": 100})


def refusals(api: Api, uuid: str, *, page_size: int = 300) -> Iterator[bytes]:
    """What could not be done, each as its JSON bytes."""
    return by_cursor(api, f"{_JOBS}/{uuid}/refusals/", {"page_size": page_size})


def _account(api: Api, method: str, path: str, reason: str) -> tuple[Account, bytes]:
    response = api.request(method, path, **({"json": {"reason": reason}} if reason else {}))
    return read(response, Account), response.content
