"""`push.source.Source` in memory: one import in one partition, told what happens."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import orjson

from services.projector.import_changes.news import Entry, Ring
from services.projector.import_progress.query import Tag

A = uuid4()


class Status:
    """The part of a status that is needed here."""

    def __init__(self, tag: Tag) -> None:
        self.tag = tag
        self.body = orjson.dumps({"version": tag.version})


class Imports:
    """`push.source.Source` in memory: one partition, told what happens."""

    def __init__(self) -> None:
        self.tag: Tag | None = Tag(1, 0)
        self.entries: list[Entry] = []
        self.reads = 0
        self.trouble: Exception | None = None
        self.moved = asyncio.Event()

    def happen(self, *rows: int, silently: bool = False, paused: int = 0) -> None:
        """One event about some rows (none: the ring does not tell), or the account service pauses."""
        assert self.tag is not None
        version = self.tag.version + (not paused)
        if rows:
            self.entries.append(Entry(0, version - 1, version, min(rows), max(rows), rows))
        self.tag = Tag(version, self.tag.target_changes + paused)
        if not silently:
            self.moved.set()

    async def status(self, import_id: UUID) -> Any:
        """How it stands."""
        self.reads += 1
        if self.trouble is not None:
            raise self.trouble
        return None if self.tag is None or import_id != A else Status(self.tag)

    async def news(self, import_id: UUID, seen: Tag, *, within_s: float) -> bool:
        """As soon as something happened."""
        await self.moved.wait()
        self.moved.clear()
        return True

    async def ring(self, import_id: UUID) -> Ring | None:
        """What changed."""
        return None if self.tag is None or import_id != A else Ring({0: self.tag.version}, self.entries)

    async def rows(self, import_id: UUID, rows: Sequence[int]) -> list[dict[str, Any]]:
        """Rows in full."""
        return [{"row": row} for row in rows]
