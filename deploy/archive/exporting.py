"""From Kafka to a folder: partition by partition, in files of bounded size, each of which is never done twice."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from deploy.archive import manifest as manifests
from deploy.archive.broker import Broker, connected
from deploy.archive.digests import extended
from deploy.archive.errors import ArchiveError
from deploy.archive.lines import Entry, encode
from deploy.archive.manifest import COMPLETE, UNFINISHED, ArchivedTopic, Manifest, Partition, segment_name
from deploy.archive.planning import Wanted, begun_in, continued, planned
from deploy.archive.private import make_folder, only_here
from deploy.archive.segments import SegmentWriter
from deploy.archive.telling import Telling


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where a file ends, whichever comes first: records, bytes of its lines."""

    records: int = 100_000
    bytes: int = 256 * 1024 * 1024


USUAL: Final = Bounds()


async def export(
    bootstrap: str,
    folder: Path,
    wanted: Sequence[Wanted],
    *,
    made_by: str,
    tell: Telling,
    bounds: Bounds = USUAL,
) -> Manifest:
    """Write all records that the topics hold now into `folder`; go on where an interrupted export stopped.

    Args:
        bootstrap: the Kafka, "host:port", several separated by commas.
        folder: made if missing; empty, or with an unfinished export of the same topics.
        wanted: the topics.
        made_by: name and version of the program, for the manifest.
        tell: hears how far it is.
        bounds: of one file.

    Raises:
        ArchiveError: what is in the way.
    """
    make_folder(folder)
    with only_here(folder):
        begun = begun_in(folder)
        async with connected(bootstrap) as broker:
            fresh = await planned(broker, wanted, made_by=made_by, made_at=datetime.now(UTC))
            plan = fresh if begun is None else continued(begun, fresh, folder)
            manifests.write(plan, folder / UNFINISHED)
            for topic in plan.topics:
                left = sum(part.end - part.reached for part in topic.partitions)
                tell.stage(f"Exporting {topic.name}", left)
                for part in topic.partitions:
                    await _Export(broker, folder, plan, topic, part, tell, bounds).run()
        manifests.write(plan, folder / COMPLETE)
        (folder / UNFINISHED).unlink(missing_ok=True)
        return plan


class _Export:
    """One partition."""

    def __init__(
        self,
        broker: Broker,
        folder: Path,
        plan: Manifest,
        topic: ArchivedTopic,
        part: Partition,
        tell: Telling,
        bounds: Bounds,
    ) -> None:
        self._broker = broker
        self._folder = folder
        self._plan = plan
        self._topic = topic
        self._part = part
        self._tell = tell
        self._bounds = bounds
        self._digest = part.digest
        self._next = part.reached
        self._writer: SegmentWriter | None = None

    async def run(self) -> None:
        """Write what is left of it."""
        name, part = self._topic.name, self._part
        make_folder(self._folder / name)
        make_folder((self._folder / segment_name(name, part.partition, 0)).parent)
        try:
            async for entries in self._broker.read(name, part.partition, self._next, part.end):
                await asyncio.to_thread(self._take, entries)
                self._tell.done(len(entries))
            if self._topic.dense and self._next != part.end:
                raise self._hole(part.end)
            self._finish()
        finally:
            if self._writer is not None:
                self._writer.__exit__()

    def _take(self, entries: list[Entry]) -> None:
        if self._topic.dense:
            for place, entry in enumerate(entries, self._next):
                if entry.offset != place:
                    raise self._hole(entry.offset, place)
        for first in range(0, len(entries), self._bounds.records):
            self._write(entries[first : first + self._bounds.records])

    def _write(self, entries: list[Entry]) -> None:
        first, last = entries[0].offset, entries[-1].offset
        if self._writer is None:
            name = segment_name(self._topic.name, self._part.partition, first)
            self._writer = SegmentWriter(self._folder, name).__enter__()
        pieces = [encode(entry) for entry in entries]
        self._writer.write([head + body for head, body in pieces], first=first, last=last)
        self._digest = extended(self._digest, (body for _, body in pieces))
        self._next = last + 1
        if self._writer.records >= self._bounds.records or self._writer.bytes >= self._bounds.bytes:
            self._finish()

    def _finish(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            self._part.add(writer.finished(), self._digest)
            manifests.write(self._plan, self._folder / UNFINISHED)

    def _hole(self, found: int, expected: int | None = None) -> ArchiveError:
        return ArchiveError(
            "LOG_HAS_HOLES",
            f"{self._topic.name}/{self._part.partition} should go on with offset "
            f"{self._next if expected is None else expected}, and goes on with {found}: records are missing.",
            "An archive of it could not be restored. Find out what deleted them.",
        )
