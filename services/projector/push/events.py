"""Server-sent events as bytes, put together once and sent to every stream."""

from typing import Any, NamedTuple

import orjson

from services.projector.import_progress.query import Tag


class Told(NamedTuple):
    """A status in both forms in which it is sent."""

    tag: Tag
    status: bytes
    reset: bytes


def told(tag: Tag, body: bytes) -> Told:
    """The status of an import, `body` as the status endpoint answers it."""
    return Told(tag, event("status", tag.version, body), event("reset", tag.version, body))


def rows_event(version: int, rows: list[dict[str, Any]]) -> bytes:
    """Changed rows in full."""
    return event("rows", version, orjson.dumps({"version": version, "many": False, "rows": rows}))


def many_event(version: int, ranges: tuple[tuple[int, int], ...] | None) -> bytes:
    """More rows changed than are sent: where they lie (null: anywhere), so that a page is read again."""
    return event("rows", version, orjson.dumps({"version": version, "many": True, "ranges": ranges}))


def event(name: str, version: int, data: bytes) -> bytes:
    """One event; `data` is JSON in one line."""
    return b"id: %d\nevent: %s\ndata: %b\n\n" % (version, name.encode(), data)
