"""Imports: how far one is, what became of its rows."""

from collections.abc import Iterator
from contextlib import AbstractContextManager

import httpx2
import msgspec

from cli.client.api import Api, read
from cli.client.models import ImportStatus, Row, StatusAnswer
from cli.client.paging import by_cursor


def answer_of(response: httpx2.Response) -> StatusAnswer:
    """The status an answer holds, with its bytes and validator."""
    return StatusAnswer(read(response, ImportStatus), response.content, response.headers.get("ETag"))


def read_status(api: Api, uuid: str, etag: str | None = None) -> StatusAnswer | None:
    """The status of an import; None when it is still the one with this `etag`."""
    headers = {"If-None-Match": etag} if etag else {}
    response = api.request("GET", f"/api/course-imports/{uuid}/", headers=headers)
    return None if response.status_code == 304 else answer_of(response)


def rows(api: Api, uuid: str, row_class: str, *, page_size: int) -> Iterator[Row]:
    """The rows of an import in this class, in pages as they are asked for."""
    for item in by_cursor(
        api, f"/api/course-imports/{uuid}/rows/", {"class": row_class, "page_size": page_size}
    ):
        yield msgspec.json.decode(item, type=Row)


def raw_rows(api: Api, uuid: str, row_class: str) -> Iterator[bytes]:
    """All rows of an import in this class, each as its JSON bytes."""
    return by_cursor(api, f"/api/course-imports/{uuid}/rows/", {"class": row_class, "page_size": 300})


def failures(api: Api, uuid: str) -> AbstractContextManager[Iterator[bytes]]:
    """The failed and invalid rows as a file that can be corrected and imported again, in pieces."""
    return api.stream(f"/api/course-imports/{uuid}/failures.csv")
