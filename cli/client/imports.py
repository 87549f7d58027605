"""Imports: how far one is, what became of its rows."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any

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


def list_imports(api: Api, **only: Any) -> Iterator[bytes]:
    """The imports that fit, newest first, each as its JSON bytes; filters as the API names them."""
    asked = {name: value for name, value in only.items() if value}
    return by_cursor(api, "/api/course-imports/", {**asked, "page_size": 100})


class DryRun(msgspec.Struct, frozen=True):
    """What an undo would do: accounts to close, left alone because somebody else uses them, and so on."""

    close: int = 0
    kept: int = 0
    nothing: int = 0
    pending: int = 0


def cancel(api: Api, uuid: str, reason: str) -> StatusAnswer:
    """Stop what has not started."""
    return answer_of(api.request("POST", f"/api/course-imports/{uuid}/cancel/", json={"reason": reason}))


def count_undo(api: Api, uuid: str) -> tuple[DryRun, bytes]:
    """What an undo would do, counted, and the answer's bytes; nothing is changed."""
    response = api.request("POST", f"/api/course-imports/{uuid}/undo/", params={"dry_run": "1"}, json={})
    return read(response, DryRun), response.content


def undo(api: Api, uuid: str, reason: str) -> StatusAnswer:
    """Close what this import alone created."""
    return answer_of(api.request("POST", f"/api/course-imports/{uuid}/undo/", json={"reason": reason}))


def correct(api: Api, uuid: str, row: int, cells: Mapping[str, Any]) -> tuple[Row, bytes]:
    """Correct cells of a failed or invalid row, which then runs; the row as it is now, and its bytes."""
    response = api.request("PATCH", f"/api/course-imports/{uuid}/rows/{row}/", json=dict(cells))
    return read(response, Row), response.content


def rows(api: Api, uuid: str, *, page_size: int, **only: Any) -> Iterator[Row]:
    """The rows of an import that fit, in pages as they are asked for; filters as the API names them."""
    for item in by_cursor(api, f"/api/course-imports/{uuid}/rows/", {**only, "page_size": page_size}):
        yield msgspec.json.decode(item, type=Row)


def raw_rows(api: Api, uuid: str, row_class: str) -> Iterator[bytes]:
    """All rows of an import in this class, each as its JSON bytes."""
    return by_cursor(api, f"/api/course-imports/{uuid}/rows/", {"class": row_class, "page_size": 300})


def failures(api: Api, uuid: str) -> AbstractContextManager[Iterator[bytes]]:
    """The failed and invalid rows as a file that can be corrected and imported again, in pieces."""
    return api.stream(f"/api/course-imports/{uuid}/failures.csv")


def rows_csv(api: Api, uuid: str) -> AbstractContextManager[Iterator[bytes]]:
    """All rows of an import as a CSV file, in pieces."""
    return api.stream(f"/api/course-imports/{uuid}/rows.csv")
