"""What crosses the Kafka edge: records in, messages out, and the ways it can go wrong."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol


class TopicPartition(NamedTuple):
    """One partition of one topic; equal to, and usable as a key beside, aiokafka's own."""

    topic: str
    partition: int


class Record(NamedTuple):
    """One record as it lies in the log: bytes only, nothing decoded, `None` kept as `None`."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    value: bytes | None


class Message(NamedTuple):
    """One record to be. Without `partition` the key decides, as Java's producer would."""

    key: bytes
    value: bytes
    headers: Sequence[tuple[str, bytes]]
    partition: int | None = None


class Confirmed(NamedTuple):
    """Where a message lies now: written by all in-sync replicas."""

    partition: int
    offset: int


class PositionLost(Exception):
    """The stored position is not the one we expected.

    Another owner moved on, or the tables were emptied. The consumer reads the
    positions again and seeks; it is not an error of this process.
    """


WAY_OUT = (
    "Put the log back from an archive (`course-accounts restore`), or build the tables again from what there is: "
    'docs/how-to/operator.md says how, under "The log is damaged".'
)
"""What an operator can do about a damaged log."""


class LogDamaged(Exception):
    """Records that must be in the log are not: offsets are missing, it is shorter than what was read, or another.

    Going on would leave a hole in every view, so the process stops (exit code 70)
    and the message says what an operator can do.
    """


class ProducerFailed(Exception):
    """A batch was not confirmed. Fatal: end the process and go on from the stored cursor.

    The messages of the failed call may or may not be in the log. The producer
    refuses every later call, because a lost batch leaves a gap in its sequence
    numbers that only a new producer can close.
    """


class RecordHandler(Protocol):
    """What a service does with its records. All calls come from one consumer, never two at once."""

    async def positions(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        """Return the stored next offset of each partition; absent means from the beginning."""
        ...

    async def handle(self, records: Sequence[Record]) -> None:
        """Store what the records say together with the new positions, in one transaction.

        Records are in offset order within each partition, without holes, at least one.

        Raises:
            PositionLost: the stored positions are not the ones before these records.
            OSError, TimeoutError, …: something is away; the records come again after a pause.
        """
        ...

    async def assigned(self, partitions: Collection[TopicPartition]) -> None:
        """Learn that these partitions are ours now: positions read, `LogConsumer.ends` known.

        Called again, with all partitions, whenever positions had to be read again.
        """
        ...

    async def revoked(self, partitions: Collection[TopicPartition]) -> None:
        """Let go of what belongs to these partitions. The batch in hand has ended, or ran out of time."""
        ...
