"""Drafts: upload a file, look at what would happen, submit exactly that."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, BinaryIO

import msgspec

from cli.client.api import Api, read
from cli.client.draft_models import Draft
from cli.client.imports import answer_of
from cli.client.models import IfClosed, IfErred, Row, StatusAnswer
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


def create_draft(
    api: Api,
    file: BinaryIO,
    name: str,
    project: str,
    on_bytes: Callable[[int], None],
    *,
    choices: Mapping[str, Any] | None = None,
    pasted: bool = False,
) -> Draft:
    """Upload a file as a stream; `on_bytes` hears of each piece sent. The draft may still be `reading`.

    Args:
        api: the server.
        file: what is uploaded.
        name: its name, shown in lists.
        project: the project's uuid.
        on_bytes: told how many more bytes were sent.
        choices: how to read it, as the API takes it: `encoding`, `delimiter`, `columns`.
        pasted: it is a text somebody copied, not a file.

    Raises:
        Refused: 422 when the file cannot be read at all, 413 when it is too large.
    """
    response = api.request(
        "POST",
        "/api/import-drafts/",
        data={"project": project, **_fields(choices or {})},
        files={"text" if pasted else "file": (name, _Counted(file, on_bytes), "text/csv")},
    )
    return read(response, Draft)


def _fields(choices: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else msgspec.json.encode(value).decode()
        for name, value in choices.items()
    }


def as_answered(api: Api, uuid: str) -> str:
    """A draft word for word as the server shows it."""
    return api.request("GET", f"/api/import-drafts/{uuid}/").text


def read_again(api: Api, uuid: str, choices: Mapping[str, Any]) -> Draft:
    """Have the file of a draft read again in another way.

    Raises:
        Refused: 422 when it cannot be read like that either.
    """
    return read(api.request("PATCH", f"/api/import-drafts/{uuid}/", json=dict(choices)), Draft)


class Fixed(msgspec.Struct, frozen=True):
    """What applying a suggestion changed; `more`: ask again for the rest."""

    changed: int
    added: int
    more: bool
    draft: Draft


def fix(api: Api, uuid: str, code: str, like: str) -> Fixed:
    """Apply a suggestion to the rows that are alike."""
    return read(
        api.request("POST", f"/api/import-drafts/{uuid}/fix/", json={"code": code, "like": like}), Fixed
    )


def read_draft(api: Api, uuid: str) -> Draft:
    """A draft as it is now."""
    return read(api.get(f"/api/import-drafts/{uuid}/"), Draft)


def first_rows(api: Api, uuid: str, count: int, **only: str) -> list[Row]:
    """The first few rows of a draft with this verdict, or this code."""
    items: Iterator[bytes] = by_cursor(api, f"/api/import-drafts/{uuid}/rows/", {**only, "page_size": count})
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
