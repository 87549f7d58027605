"""The list of accounts."""

from collections.abc import Iterator, Sequence
from typing import Any

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
