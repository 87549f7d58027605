"""What a Kafka holds: topics, their settings and bounds, and the records of one partition from here to there."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import CorruptRecordException, KafkaError, OffsetOutOfRangeError

from deploy.archive.errors import ArchiveError
from deploy.archive.lines import CREATE_TIME, Entry

CLIENT: Final = "course-accounts.archive"
_REQUEST_MS: Final = 15_000
_SILENCE_S: Final = 60.0
_AT_ONCE: Final = 2_000
_FETCH_BYTES: Final = 1024 * 1024
_FETCH_WAIT_MS: Final = 50
"""How long a fetch may wait for news; all other questions on the same connection wait behind it."""
_SET_FOR_THE_TOPIC: Final = 1
"""Kafka's number for a setting that somebody gave to this topic, in contrast to what holds for all."""


class Bounds(NamedTuple):
    """The offset of the first record a partition still holds, and the one its next record gets."""

    begin: int
    end: int


class Described(NamedTuple):
    """A topic as it is: bounds by partition, settings made for it, and how its timestamps come about."""

    name: str
    partitions: list[Bounds]
    config: dict[str, str]
    timestamps: str


class Broker:
    """A connected Kafka; made by `connected`."""

    def __init__(self, bootstrap: str, admin: AIOKafkaAdminClient, consumer: AIOKafkaConsumer) -> None:
        self._bootstrap = bootstrap
        self._admin = admin
        self._consumer = consumer

    async def cluster(self) -> str:
        """The id of the cluster; empty if it does not say."""
        return str((await self._admin.describe_cluster()).get("cluster_id") or "")

    async def describe(self, names: Sequence[str]) -> dict[str, Described]:
        """Those of the named topics that exist."""
        found = await self._admin.describe_topics(list(names))
        there = {t["topic"]: len(t["partitions"]) for t in found if t["error_code"] == 0}
        return {
            name: Described(name, await self._bounds(name, count), *await self._settings(name))
            for name, count in there.items()
        }

    async def _bounds(self, topic: str, count: int) -> list[Bounds]:
        places = [TopicPartition(topic, partition) for partition in range(count)]
        begins = await self._consumer.beginning_offsets(places)
        ends = await self._consumer.end_offsets(places)
        return [Bounds(begins[place], ends[place]) for place in places]

    async def _settings(self, topic: str) -> tuple[dict[str, str], str]:
        asked = ConfigResource(ConfigResourceType.TOPIC, topic)
        own: dict[str, str] = {}
        timestamps = ""
        for answer in await self._admin.describe_configs([asked]):
            for *_, entries in answer.resources:
                for name, value, _, source, *_ in entries:
                    if source == _SET_FOR_THE_TOPIC and value is not None:
                        own[name] = value
                    if name == "message.timestamp.type":
                        timestamps = value
        return own, timestamps

    async def read(self, topic: str, partition: int, begin: int, end: int) -> AsyncIterator[list[Entry]]:
        """The records from offset `begin` until before `end`, some at a time.

        Raises:
            ArchiveError: KAFKA_SILENT, RECORDS_DELETED or RECORD_UNREADABLE.
        """
        here = TopicPartition(topic, partition)
        consumer = self._consumer
        consumer.assign([here])
        consumer.seek(here, begin)
        at = begin
        waited = 0.0
        while at < end:
            try:
                found: Mapping[Any, list[Any]] = await consumer.getmany(
                    here, timeout_ms=1000, max_records=_AT_ONCE
                )
                reached = await consumer.position(here)
            except OffsetOutOfRangeError as error:
                raise ArchiveError(
                    "RECORDS_DELETED",
                    f"{topic}/{partition} no longer holds the records from offset {at}: Kafka has deleted them.",
                    "Begin again in another folder.",
                ) from error
            except (CorruptRecordException, UnicodeDecodeError) as error:
                raise ArchiveError(
                    "RECORD_UNREADABLE",
                    f"A record of {topic}/{partition} at offset {at} or soon behind it cannot be read: "
                    "its checksum or the name of a header is wrong.",
                    "The services stop there too. Look at it with Kafka's own tools.",
                ) from error
            waited = 0.0 if reached > at else waited + 1
            if waited >= _SILENCE_S:
                raise _silent(f"{topic}/{partition}", self._bootstrap)
            at = reached
            entries = [_entry(record) for record in found.get(here, ()) if record.offset < end]
            if entries:
                yield entries


@asynccontextmanager
async def connected(bootstrap: str) -> AsyncIterator[Broker]:
    """A connection to a Kafka.

    Args:
        bootstrap: "host:port", several separated by commas.

    Raises:
        ArchiveError: KAFKA_UNREACHABLE.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, client_id=CLIENT, request_timeout_ms=_REQUEST_MS)
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        client_id=CLIENT,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="none",
        request_timeout_ms=_REQUEST_MS,
        max_partition_fetch_bytes=_FETCH_BYTES,
        fetch_max_wait_ms=_FETCH_WAIT_MS,
    )
    try:
        try:
            await admin.start()
            await consumer.start()
        except (KafkaError, OSError, ValueError) as error:
            raise unreachable(bootstrap) from error
        try:
            yield Broker(bootstrap, admin, consumer)
        except KafkaError as error:
            raise ArchiveError(
                "KAFKA_FAILED",
                f"Kafka at {bootstrap} failed: {type(error).__name__}.",
                "Run the same command again when it is well.",
            ) from error
    finally:
        await asyncio.gather(consumer.stop(), admin.close(), return_exceptions=True)


def unreachable(bootstrap: str) -> ArchiveError:
    """Nobody answers there."""
    return ArchiveError(
        "KAFKA_UNREACHABLE",
        f"No Kafka answers at {bootstrap}.",
        "Name it with --kafka HOST:PORT, or start it.",
    )


def _silent(what: str, bootstrap: str) -> ArchiveError:
    return ArchiveError(
        "KAFKA_SILENT",
        f"Kafka at {bootstrap} gave nothing of {what} for {_SILENCE_S:.0f} s.",
        "Run the same command again when it is well.",
    )


def _entry(record: Any) -> Entry:
    return Entry(
        record.offset,
        record.timestamp,
        record.timestamp_type or CREATE_TIME,
        record.key,
        tuple(record.headers),
        record.value,
    )
