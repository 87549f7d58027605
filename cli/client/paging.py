"""Walking through lists of any length, page by page."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from cli.client.api import Api, read

_NEXT_LINK = re.compile(r'<([^>]*)>\s*;[^,]*\brel="?next"?')


class _Page(msgspec.Struct):
    results: list[msgspec.Raw]
    next: str | None = None


def by_cursor(api: Api, path: str, params: dict[str, Any]) -> Iterator[bytes]:
    """The items of a list that answers `{results, next}`, each as its JSON bytes; asks for pages as needed."""
    here, query = path, dict(params)
    while True:
        page = read(api.get(here, query), _Page)
        for item in page.results:
            yield bytes(item)
        if page.next is None:
            return
        if page.next.startswith(("http://", "https://", "/")):
            here, query = page.next, {}
        else:
            query["cursor"] = page.next


def by_link(api: Api, path: str, params: dict[str, Any]) -> Iterator[bytes]:
    """The items of a list that is a bare array and names its next page in a `Link` header."""
    here, query = path, dict(params)
    while True:
        response = api.get(here, query)
        for item in read(response, list[msgspec.Raw]):
            yield bytes(item)
        found = _NEXT_LINK.search(response.headers.get("Link", ""))
        if found is None:
            return
        here, query = found[1], {}
