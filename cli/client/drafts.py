"""Drafts: upload a file, look at what would happen, submit exactly that."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import BinaryIO

import msgspec

from cli.client.api import Api, read
from cli.client.imports import answer_of
from cli.client.models import Draft, IfClosed, IfErred, Row, StatusAnswer
from cli.client.paging import by_cursor


class _Counted:
    """A file that says how many of its bytes were read."""

    def __init__(self, file: BinaryIO, on_bytes: Callable[[int], None]) -> None:
        self._file = file
        self._on_bytes = on_bytes

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._on_bytes(len(data))
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def fileno(self) -> int:
        return self._file.fileno()


def create_draft(api: Api, file: BinaryIO, name: str, project: str, on_bytes: Callable[[int], None]) -> Draft:
    """Upload a file as a stream; `on_bytes` hears of each piece sent. The draft may still be `reading`.

    Raises:
        Refused: 422 when the file cannot be read at all, 413 when it is too large.
    """
    response = api.request(
        "POST",
        "/api/import-drafts/",
        data={"project": project},
        files={"file": (name, _Counted(file, on_bytes), "text/csv")},
    )
    return read(response, Draft)


def read_draft(api: Api, uuid: str) -> Draft:
    """A draft as it is now."""
    return read(api.get(f"/api/import-drafts/{uuid}/"), Draft)


def first_rows(api: Api, uuid: str, verdict: str, count: int) -> list[Row]:
    """The first few rows of a draft with this verdict."""
    items: Iterator[bytes] = by_cursor(
        api, f"/api/import-drafts/{uuid}/rows/", {"verdict": verdict, "page_size": count}
    )
    return [msgspec.json.decode(item, type=Row) for item in islice(items, count)]


def submit(
    api: Api, draft: Draft, *, if_erred: IfErred, if_closed: IfClosed, idempotency_key: str
) -> StatusAnswer:
    """Ask for the accounts of a draft as it was previewed; the same key again does nothing twice."""
    response = api.request(
        "POST",
        f"/api/import-drafts/{draft.uuid}/submit/",
        json={
            "preview_hash": draft.preview_hash,
            "skip_invalid": True,
            "if_erred": if_erred,
            "if_closed": if_closed,
        },
        headers={"Idempotency-Key": idempotency_key},
    )
    return answer_of(response)
