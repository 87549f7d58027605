"""The report of what should be closed but is not."""

from collections.abc import Iterator
from typing import Any

import msgspec

from cli.client.api import Api
from cli.client.models import RowError
from cli.client.paging import by_cursor

_PATH = "/api/unclosed-accounts/"


class Unclosed(msgspec.Struct, frozen=True):
    """An account that should be closed, as far as it is shown."""

    account_uuid: str
    project_uuid: str
    state: str
    cause: str
    project_name: str | None = None
    since: str | None = None
    attempts: int = 0
    error: RowError | None = None
    next_attempt: str | None = None


def list_unclosed(api: Api, *, project: str | None = None) -> Iterator[bytes]:
    """The accounts, each as its JSON bytes, those that wait longest first."""
    wanted: dict[str, Any] = {"page_size": 1000}
    return by_cursor(api, _PATH, wanted if project is None else {**wanted, "project": project})
