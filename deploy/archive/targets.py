"""The topics a restore writes to: what is there, what has to be made, and what is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deploy.archive.broker import Broker, Described
from deploy.archive.errors import ArchiveError
from deploy.archive.manifest import ArchivedTopic, Manifest
from deploy.provisioning.errors import ProvisioningError
from deploy.provisioning.topics import provision_topics
from schemas.topics import TOPICS, Topic

_KNOWN = {topic.name: topic for topic in TOPICS}
_SIZE = "max.message.bytes"


@dataclass(frozen=True, slots=True)
class Target:
    """A topic of the archive and the one it goes to. `there`: records each partition holds already."""

    archived: ArchivedTopic
    name: str
    exists: bool
    there: tuple[int, ...]

    @property
    def records(self) -> int:
        """In the archive."""
        return self.archived.records

    @property
    def present(self) -> int:
        """There already."""
        return sum(self.there)

    @property
    def renumbered(self) -> bool:
        """Whether some record gets another offset than it had: gaps are not restored."""
        parts = self.archived.partitions
        return any(p.files and p.records != p.files[-1].last_offset + 1 for p in parts)


def untouched(manifest: Manifest) -> list[Target]:
    """Every topic of an archive, where there is none of them yet.

    Raises:
        ArchiveError: LOG_INCOMPLETE or TOPIC_PARTITIONS.
    """
    for topic in manifest.topics:
        _check_archived(topic)
    return [_absent(topic, topic.name) for topic in manifest.topics]


async def targets_of(broker: Broker, manifest: Manifest, names: Mapping[str, str]) -> list[Target]:
    """Look at every topic the archive would go to.

    Raises:
        ArchiveError: LOG_INCOMPLETE, TOPIC_PARTITIONS, TOPIC_STAMPS or TOPIC_NOT_EMPTY.
    """
    for topic in manifest.topics:
        _check_archived(topic)
    wanted = [names.get(topic.name, topic.name) for topic in manifest.topics]
    found = await broker.describe(wanted)
    return [
        _target(topic, name, found.get(name)) for topic, name in zip(manifest.topics, wanted, strict=True)
    ]


async def make_topics(bootstrap: str, broker: Broker, targets: Sequence[Target], replicas: int) -> None:
    """Make the missing ones as provisioning does, and wait until all can be written.

    Raises:
        ArchiveError: provisioning refuses, or a topic got records meanwhile.
    """
    topics = [_provisioned(target) for target in targets]
    try:
        await provision_topics(bootstrap, topics, replication_factor=replicas)
    except ProvisioningError as error:
        raise ArchiveError(error.code, error.sentence, error.hint) from error
    now = await broker.describe([target.name for target in targets])
    for target in targets:
        ends = tuple(end for _, end in now[target.name].partitions)
        if ends != target.there:
            raise ArchiveError(
                "OTHER_WRITER",
                f"Somebody has written to {target.name} since it was looked at.",
                "Stop whatever writes there, and restore into topics made anew.",
            )


def _check_archived(topic: ArchivedTopic) -> None:
    known = _KNOWN.get(topic.name)
    if known is not None and len(topic.partitions) != known.partitions:
        raise ArchiveError(
            "TOPIC_PARTITIONS",
            f"The archive of {topic.name} has {len(topic.partitions)} partitions, and this version wants "
            f"{known.partitions}.",
            "The key of an account fixes its partition: restore with the version that made the archive.",
        )
    if topic.dense and any(part.begin for part in topic.partitions):
        part = next(part for part in topic.partitions if part.begin)
        raise ArchiveError(
            "LOG_INCOMPLETE",
            f"The archive of {topic.name}/{part.partition} begins with offset {part.begin}: what was before is lost.",
            "A log without its beginning cannot be restored. Take an older archive.",
        )


def _target(topic: ArchivedTopic, name: str, found: Described | None) -> Target:
    if found is None:
        return _absent(topic, name)
    if len(found.partitions) != len(topic.partitions):
        raise ArchiveError(
            "TOPIC_PARTITIONS",
            f"The topic {name} has {len(found.partitions)} partitions, and the archive {len(topic.partitions)}.",
            "Delete the topic if nobody needs it: it is made anew as it must be.",
        )
    if found.timestamps != "CreateTime":
        raise ArchiveError(
            "TOPIC_STAMPS",
            f"The topic {name} gives records timestamps of its own (message.timestamp.type={found.timestamps}).",
            "Set message.timestamp.type=CreateTime on it.",
        )
    for part, (begin, end) in zip(topic.partitions, found.partitions, strict=True):
        if begin or end > part.records:
            raise ArchiveError(
                "TOPIC_NOT_EMPTY",
                f"{name}/{part.partition} holds, or has held, more than this archive.",
                "Restore into an empty Kafka, or delete the topic first if nobody needs it.",
            )
    return Target(topic, name, True, tuple(end for _, end in found.partitions))


def _absent(topic: ArchivedTopic, name: str) -> Target:
    return Target(topic, name, False, (0,) * len(topic.partitions))


def _provisioned(target: Target) -> Topic:
    """As provisioning makes it; what it does not know as it was; in any case large records where they were taken."""
    archived = target.archived
    known = _KNOWN.get(archived.name)
    config = dict(archived.config if known is None else known.config)
    config.pop("message.timestamp.type", None)
    if _SIZE in archived.config:
        config[_SIZE] = archived.config[_SIZE]
    return Topic(target.name, len(archived.partitions), config)
