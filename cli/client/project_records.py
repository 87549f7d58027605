"""Projects, written and read whole: their records."""

from collections.abc import Mapping
from typing import Any

import msgspec

from cli.client.api import Api, read

_PATH = "/api/course-projects/"


class ProjectRecord(msgspec.Struct, frozen=True):
    """A project with everybody who has a role in it."""

    uuid: str
    name: str
    revision: int = 1
    status: str = "active"
    slug: str = ""
    kind: str = "course"
    start_date: str | None = None
    end_date: str | None = None
    ends_at: str | None = None
    customer_name: str | None = None
    managers: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()


Found = tuple[ProjectRecord, bytes]
"""A record, and the bytes it was read from."""


def show(api: Api, uuid: str) -> Found:
    """The record of a project."""
    return _read(api, "GET", f"{uuid}/record/")


def add(api: Api, fields: Mapping[str, Any], key: str) -> Found:
    """Add a project; the same key again adds nothing."""
    return _read(api, "POST", "", json=dict(fields), headers={"Idempotency-Key": key})


def change(api: Api, uuid: str, fields: Mapping[str, Any]) -> Found:
    """Change some fields."""
    return _read(api, "PATCH", f"{uuid}/", json=dict(fields))


def delete(api: Api, uuid: str) -> Found:
    """Delete a project."""
    return _read(api, "DELETE", f"{uuid}/")


def _read(api: Api, method: str, path: str, **options: Any) -> Found:
    response = api.request(method, f"{_PATH}{path}", **options)
    return read(response, ProjectRecord), response.content
