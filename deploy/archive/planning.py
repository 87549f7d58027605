"""What an export is going to do, and what is left of one that was interrupted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from deploy.archive import manifest as manifests
from deploy.archive.broker import Broker, Described
from deploy.archive.errors import ArchiveError
from deploy.archive.manifest import COMPLETE, UNFINISHED, ArchivedTopic, Manifest, Partition


@dataclass(frozen=True, slots=True)
class Wanted:
    """A topic to export. `dense`: it must begin with offset 0 and have no gaps."""

    name: str
    dense: bool


def begun_in(folder: Path) -> Manifest | None:
    """What an interrupted export left in a folder; None where it is empty.

    Raises:
        ArchiveError: ARCHIVE_COMPLETE, FOLDER_NOT_EMPTY, or the plan cannot be read.
    """
    if (folder / COMPLETE).exists():
        raise ArchiveError(
            "ARCHIVE_COMPLETE", f"{folder} holds a complete archive.", "Name another folder for a new one."
        )
    begun = manifests.read(folder / UNFINISHED)
    if begun is None and any(not file.name.endswith(".part") for file in folder.iterdir()):
        raise ArchiveError(
            "FOLDER_NOT_EMPTY",
            f"{folder} holds other things.",
            "Name a folder that is empty or not there yet.",
        )
    return begun


async def planned(broker: Broker, wanted: Sequence[Wanted], *, made_by: str, made_at: datetime) -> Manifest:
    """An export of everything the topics hold now, nothing of it done.

    Raises:
        ArchiveError: TOPIC_MISSING.
    """
    found = await broker.describe([topic.name for topic in wanted])
    missing = [topic.name for topic in wanted if topic.name not in found]
    if missing:
        raise ArchiveError(
            "TOPIC_MISSING",
            f"This Kafka has no topic {missing[0]}.",
            "Is it the Kafka of an installation? Name another with --kafka HOST:PORT.",
        )
    return Manifest(
        made_at=made_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        made_by=made_by,
        cluster=await broker.cluster(),
        topics=[_topic(found[topic.name], topic.dense) for topic in wanted],
    )


def continued(begun: Manifest, now: Manifest, folder: Path) -> Manifest:
    """The plan of the interrupted export.

    Raises:
        ArchiveError: OTHER_EXPORT, it is one of other topics, or they no longer hold what is left.
    """
    same = begun.cluster == now.cluster and [(t.name, len(t.partitions)) for t in begun.topics] == [
        (t.name, len(t.partitions)) for t in now.topics
    ]
    bounds = zip((p for _, p in begun.parts()), (p for _, p in now.parts()), strict=same)
    if not same or any(there.end < part.end or there.begin > part.reached for part, there in bounds):
        raise ArchiveError(
            "OTHER_EXPORT",
            f"{folder} holds the beginning of an export of other topics, or these have changed since.",
            "Name another folder, or the same topics and Kafka as before.",
        )
    return begun


def _topic(found: Described, dense: bool) -> ArchivedTopic:
    parts = [Partition(number, begin, end) for number, (begin, end) in enumerate(found.partitions)]
    return ArchivedTopic(found.name, dense, found.config, parts)
