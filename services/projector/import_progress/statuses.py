"""The statuses of imports for very many who ask: gathered reads, and bodies that are put together once."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import orjson

from services.common.database import Pool
from services.projector.core.gathering import Gathered
from services.projector.import_progress.query import Tag, some_imports
from services.projector.import_progress.status import Lasting, Totals, etag_of, lasting_of, passing_of

_REMEMBERED = 2_000
"""Imports whose lasting part is kept, about 1 kB each."""


class Status:
    """One import as one read found it, for everybody whom that read answers."""

    __slots__ = ("_bodies", "_body", "_now", "_totals", "etag", "project_id", "tag")

    def __init__(self, totals: Totals, now: datetime, etag: str, bodies: "Bodies") -> None:
        self.etag = etag
        self.tag = Tag(totals["version"], totals["target_changes"])
        self.project_id: UUID | None = totals["project_id"]
        self._totals = totals
        self._now = now
        self._bodies = bodies
        self._body: bytes | None = None

    @property
    def body(self) -> bytes:
        """The answer as JSON; put together when first asked for: who holds the entity tag never does."""
        if self._body is None:
            self._body = self._bodies.body(self._totals, self.etag, self._now)
        return self._body


class Bodies:
    """Answers as bytes. The lasting part of each import is kept under its entity tag, the passing part is not."""

    def __init__(self, *, remembered: int = _REMEMBERED) -> None:
        self._remembered = remembered
        self._lasting: OrderedDict[int, tuple[str, Lasting, bytes]] = OrderedDict()

    def body(self, totals: Totals, etag: str, now: datetime) -> bytes:
        """The whole answer."""
        key = totals["import_id"].int
        kept = self._lasting.get(key)
        if kept is None or kept[0] != etag:
            lasting = lasting_of(totals)
            kept = self._lasting[key] = (etag, lasting, orjson.dumps(lasting.answer)[:-1] + b",")
            if len(self._lasting) > self._remembered:
                self._lasting.popitem(last=False)
        self._lasting.move_to_end(key)
        return kept[2] + orjson.dumps(passing_of(totals, kept[1], now))[1:]


class Statuses:
    """Where a status comes from: one statement for all who ask at the same time."""

    def __init__(
        self, pool: Pool, *, log_topic: str, model_version: int, clock: Callable[[], datetime]
    ) -> None:
        self._pool = pool
        self._log_topic = log_topic
        self._model_version = model_version
        self._clock = clock
        self._bodies = Bodies()
        self._reads = Gathered(self._read)

    async def get(self, import_id: UUID) -> Status | None:
        """The status of an import, from a snapshot taken after this call; None if there is none (yet)."""
        return await self._reads.get(import_id)

    async def _read(self, import_ids: Sequence[UUID]) -> Mapping[UUID, Status]:
        found = await some_imports(self._pool, import_ids, log_topic=self._log_topic)
        now = self._clock()
        return {
            totals["import_id"]: Status(totals, now, etag_of(totals, self._model_version), self._bodies)
            for totals in found
        }
