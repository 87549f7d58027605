"""From a folder into an empty Kafka: same partitions, order, keys, headers, values, timestamps; then compared."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.archive.broker import Bounds, Broker, connected
from deploy.archive.checking import entries_of
from deploy.archive.digests import EMPTY, Digest, extended
from deploy.archive.errors import ArchiveError
from deploy.archive.lines import encode
from deploy.archive.manifest import Manifest, Partition
from deploy.archive.targets import Target, make_topics, targets_of
from deploy.archive.telling import Telling
from deploy.archive.writing import Writer, writing

_NO_NAMES: Mapping[str, str] = {}


async def plan(
    bootstrap: str, folder: Path, manifest: Manifest, *, names: Mapping[str, str] = _NO_NAMES, tell: Telling
) -> list[Target]:
    """Look at the Kafka; nothing is changed.

    Args:
        bootstrap: the Kafka, "host:port", several separated by commas.
        folder: the archive.
        manifest: its manifest, as checked.
        names: topics that shall have another name there.
        tell: hears how far it is.

    Raises:
        ArchiveError: the archive cannot be restored, or a topic holds something else.
    """
    async with connected(bootstrap) as broker:
        targets = await targets_of(broker, manifest, names)
        for target in targets:
            await _compare_beginnings(broker, folder, target, tell)
    return targets


async def restore(
    bootstrap: str, folder: Path, targets: Sequence[Target], *, replicas: int = 1, tell: Telling
) -> None:
    """Write what is missing, read everything back, and compare it with the manifest.

    Args:
        bootstrap: the Kafka.
        folder: the archive.
        targets: as `plan` found them.
        replicas: of topics that are made.
        tell: hears how far it is.

    Raises:
        ArchiveError: what is in the way; after most of them the same command goes on where it stopped.
    """
    async with connected(bootstrap) as broker:
        await make_topics(bootstrap, broker, targets, replicas)
        async with writing(bootstrap) as writer:
            for target in targets:
                tell.stage(f"Restoring {target.name}", target.records - target.present)
                for part in target.archived.partitions:
                    await _write(writer, folder, target, part, tell)
        now = await broker.describe([target.name for target in targets])
        for target in targets:
            tell.stage(f"Comparing {target.name}", target.records)
            for part, bounds in zip(target.archived.partitions, now[target.name].partitions, strict=True):
                await _compare(broker, target, part, bounds, tell)


async def _compare_beginnings(broker: Broker, folder: Path, target: Target, tell: Telling) -> None:
    if not target.present:
        return
    tell.stage(f"Comparing the beginning of {target.name}", target.present)
    for part in target.archived.partitions:
        there = target.there[part.partition]
        found = await _digest(broker, target.name, part.partition, there, tell)
        if found != await asyncio.to_thread(_beginning, folder, part, there):
            raise _holds_other(target.name, part.partition)


async def _write(writer: Writer, folder: Path, target: Target, part: Partition, tell: Telling) -> None:
    there = target.there[part.partition]
    out = writer.partition(target.name, part.partition, there)
    passed = 0
    pages = entries_of(folder, part)
    while (page := await asyncio.to_thread(next, pages, None)) is not None:
        new = page[max(there - passed, 0) :]
        passed += len(page)
        await out.write(entry for entry, _ in new)
        tell.done(len(new))
    await out.finish()


async def _compare(broker: Broker, target: Target, part: Partition, bounds: Bounds, tell: Telling) -> None:
    begin, end = bounds
    if (begin, end) == (0, part.records):
        found = await _digest(broker, target.name, part.partition, end, tell)
        if found == part.digest:
            return
        what = "has other digests than the archive"
    else:
        what = f"holds offsets {begin} to {end}, and the archive {part.records} records"
    raise ArchiveError(
        "NOT_AS_ARCHIVED",
        f"{target.name}/{part.partition} was restored and {what}.",
        "If something else writes there, stop it; a topic with an expiry may have begun to delete. "
        "Delete the topic and restore again.",
    )


async def _digest(broker: Broker, topic: str, partition: int, end: int, tell: Telling) -> Digest:
    """Of the records before `end`."""
    digest = EMPTY
    async for entries in broker.read(topic, partition, 0, end):
        digest = extended(digest, (encode(entry)[1] for entry in entries))
        tell.done(len(entries))
    return digest


def _beginning(folder: Path, part: Partition, records: int) -> Digest:
    """Of the first records in the archive."""
    digest = EMPTY
    for page in entries_of(folder, part):
        digest = extended(digest, (body for _, body in page[: records - digest.records]))
        if digest.records == records:
            break
    return digest


def _holds_other(topic: str, partition: int) -> ArchiveError:
    return ArchiveError(
        "TOPIC_NOT_EMPTY",
        f"{topic}/{partition} holds records, and they are not the beginning of this archive.",
        "Restore into an empty Kafka, or delete the topic first if nobody needs it.",
    )
