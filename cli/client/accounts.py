"""The list of accounts."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import urlencode

from cli.client.api import Api
from cli.client.paging import by_link

_PATH = "/api/marketplace-course-accounts/"


def list_accounts(
    api: Api,
    *,
    project: str | None = None,
    states: Sequence[str] = (),
    email: str | None = None,
    username: str | None = None,
    order: str | None = None,
) -> Iterator[bytes]:
    """The accounts that fit, each as its JSON bytes, in pages as they are asked for."""
    wanted: dict[str, Any] = {
        "project_uuid": project,
        "state": list(states) or None,
        "email": email,
        "username": username,
        "o": order,
    }
    params = {name: value for name, value in wanted.items() if value is not None}
    return by_link(api, _PATH, {**params, "page_size": 300})


def accounts_csv(
    api: Api, *, project: str | None, states: Sequence[str]
) -> AbstractContextManager[Iterator[bytes]]:
    """The accounts that fit as a CSV file, in pieces."""
    only = [("state", state) for state in states] + ([("project_uuid", project)] if project else [])
    return api.stream(f"{_PATH}export.csv" + (f"?{urlencode(only)}" if only else ""))
