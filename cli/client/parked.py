"""Records nobody could read, as the services show them, and jobs about them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from cli.client.api import Api, read
from cli.client.paging import by_cursor

SERVICES = ("importer", "provisioner", "projector")
OVER = frozenset({"finished", "cancelled"})


class Bytes(msgspec.Struct, frozen=True):
    """Bytes of a record, or their beginning: as text if they can be printed."""

    bytes: int
    cut: bool = False
    text: str | None = None
    base64: str | None = None


class Header(msgspec.Struct, frozen=True):
    """A header of a record."""

    name: str
    value: Bytes | None = None


class Try(msgspec.Struct, frozen=True):
    """What a job came to for a record."""

    job: str
    action: str
    author: str
    outcome: str
    at: str | None = None
    reason: str = ""
    code: str | None = None
    why: str | None = None


class Parked(msgspec.Struct, frozen=True):
    """A record and what became of it."""

    id: str
    service: str
    code: str
    message: str
    hint: str
    reason: str
    state: str
    parked: str | None = None
    written: str | None = None
    type: str | None = None
    event_id: str | None = None
    source: str | None = None
    tries: int = 0
    tried: str | None = None
    settled: str | None = None
    settled_by_job: str | None = None


class Opened(Parked, frozen=True):
    """A record with its bytes."""

    key: Bytes | None = None
    headers: list[Header] = []
    value: Bytes | None = None
    history: list[Try] = []


class Cause(msgspec.Struct, frozen=True):
    """Why records of one topic wait, and how many."""

    service: str
    topic: str
    code: str
    message: str
    hint: str
    records: int
    oldest: str | None = None


class Counted(msgspec.Struct, frozen=True):
    """How many records fit an order, and how many it would take."""

    found: int
    records: int
    by_code: dict[str, int] = {}


class Ordered(msgspec.Struct, frozen=True):
    """The answer to an order."""

    job: str
    records: int


class Job(msgspec.Struct, frozen=True):
    """A job as it stands; `total` records, of which so many were done, failed again, were parked no more."""

    uuid: str
    service: str
    action: str
    state: str
    author: str = ""
    reason: str = ""
    created: str | None = None
    total: int = 0
    tried: int = 0
    done: int = 0
    failed: int = 0
    passed: int = 0
    rate: float | None = None
    eta_seconds: float | None = None
    poll_after: float | None = None
    cancelled_by: str | None = None

    @property
    def over(self) -> bool:
        """Whether nothing more is done."""
        return self.state in OVER


class Failure(msgspec.Struct, frozen=True):
    """A record that could not be taken again, and why."""

    id: str
    code: str
    reason: str
    hint: str = ""


class _Causes(msgspec.Struct):
    causes: list[msgspec.Raw]


def records(
    api: Api, service: str, *, codes: Sequence[str], topic: str | None, states: Sequence[str]
) -> Iterator[bytes]:
    """Records of one service, the newest first, each as its JSON bytes."""
    query: dict[str, Any] = {"page_size": 100, "code": codes, "state": states}
    return by_cursor(api, _path(service), {**query, "topic": topic} if topic else query)


def record(api: Api, service: str, record_id: str) -> tuple[Opened, bytes]:
    """One record with its bytes."""
    response = api.get(f"{_path(service)}{quote(record_id.replace(':', '~'), safe='')}/")
    return read(response, Opened), response.content


def causes(api: Api, service: str) -> list[bytes]:
    """What waits in one service, by topic and code, each as its JSON bytes."""
    found = read(api.get(_path(service), {"page_size": 1}), _Causes)
    return [bytes(one) for one in found.causes]


def count(api: Api, service: str, action: str, wanted: Mapping[str, Any]) -> tuple[Counted, bytes]:
    """What an order would take; nothing is changed."""
    response = api.request("POST", f"{_path(service)}{action}/", json={**wanted, "dry_run": True})
    return read(response, Counted), response.content


def order(
    api: Api, service: str, action: str, wanted: Mapping[str, Any], *, key: str
) -> tuple[Ordered, bytes]:
    """Ask for a job, once for each key."""
    response = api.request(
        "POST", f"{_path(service)}{action}/", json=wanted, headers={"Idempotency-Key": key}
    )
    return read(response, Ordered), response.content


def jobs(api: Api, service: str) -> Iterator[bytes]:
    """All jobs of one service, the newest first, each as its JSON bytes."""
    return by_cursor(api, f"{_path(service)}jobs/", {"page_size": 100})


def job(api: Api, service: str, uuid: str) -> tuple[Job, bytes]:
    """A job, and the answer's bytes."""
    response = api.get(f"{_path(service)}jobs/{uuid}/")
    return read(response, Job), response.content


def cancel(api: Api, service: str, uuid: str) -> tuple[Job, bytes]:
    """Begin with no more of a job's records."""
    response = api.request("POST", f"{_path(service)}jobs/{uuid}/cancel/")
    return read(response, Job), response.content


def failures(api: Api, service: str, uuid: str) -> Iterator[bytes]:
    """What could not be taken again, each as its JSON bytes."""
    return by_cursor(api, f"{_path(service)}jobs/{uuid}/failures/", {"page_size": 300})


def _path(service: str) -> str:
    return f"/api/parked/{service}/"
