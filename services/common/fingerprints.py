"""What tells a log made anew from the one that was read: a fingerprint of the last record before a position.

A topic that was deleted and made again may be longer than what was read of the old one; offsets then say nothing.
The record before the position does: it is read again when a partition is taken over, and compared.
"""

from collections.abc import Collection, Mapping, Sequence
from hashlib import blake2b
from typing import Self

from services.common.records import WAY_OUT, LogDamaged, Record, TopicPartition

_BYTES = 16
_NONE = (-1).to_bytes(8, "big", signed=True)


class Position(int):
    """A next offset, with the fingerprint of the record before it where that is known."""

    fingerprint: bytes | None

    def __new__(cls, next_offset: int, fingerprint: bytes | None = None) -> Self:
        """Make one."""
        position = super().__new__(cls, next_offset)
        position.fingerprint = fingerprint
        return position


def fingerprint(record: Record) -> bytes:
    """16 bytes for offset, time, key and value: what a restored log has in common with the old one."""
    digest = blake2b(digest_size=_BYTES)
    digest.update(record.offset.to_bytes(8, "big"))
    digest.update(record.timestamp_ms.to_bytes(8, "big", signed=True))
    digest.update(_NONE if record.key is None else len(record.key).to_bytes(8, "big") + record.key)
    digest.update(_NONE if record.value is None else record.value)
    return digest.digest()


def fingerprints(
    records: Sequence[Record], moves: Mapping[TopicPartition, tuple[int, int]]
) -> dict[TopicPartition, bytes]:
    """The fingerprint of the last record of each partition, where the position moves right behind it.

    Args:
        records: what was read, one partition after the other, as it is fetched; each in order, holes or not.
        moves: (expected, next) offsets.
    """
    found: dict[TopicPartition, bytes] = {}
    at = len(records) - 1
    while at >= 0 and len(found) < len(moves):
        last = records[at]
        here = TopicPartition(last.topic, last.partition)
        expected, following = moves.get(here, (0, 0))
        if here not in found and last.offset + 1 == following:
            found[here] = fingerprint(last)
        at = _before_run(records, at, expected) if here in found else at - 1
    return found


def _before_run(records: Sequence[Record], at: int, expected: int) -> int:
    """The place before all of the partition, if it has no holes since `expected`; else one before."""
    first = at - (records[at].offset - expected)
    whole = 0 <= first <= at and records[first][:3] == (*records[at][:2], expected)
    return (first if whole else at) - 1


def to_compare(
    stored: Mapping[TopicPartition, int], begins: Mapping[TopicPartition, int]
) -> dict[TopicPartition, int]:
    """Offsets of the records to read again, of the partitions of which something is known and still there."""
    return {
        here: position - 1
        for here, position in stored.items()
        if isinstance(position, Position)
        and position.fingerprint is not None
        and position - 1 >= begins.get(here, 0)
    }


def compare(
    stored: Mapping[TopicPartition, int],
    asked: Mapping[TopicPartition, int],
    found: Mapping[TopicPartition, Record],
    sparse: Collection[str] = (),
) -> None:
    """Compare what was found in the log with what was read there; what a sparse topic lost says nothing.

    Raises:
        LogDamaged: some record is another one, or is missing: the log is not the one that was read.
    """
    for here, offset in asked.items():
        position, record = stored[here], found.get(here)
        if record is None and here.topic in sparse:
            continue
        if record is None or (isinstance(position, Position) and fingerprint(record) != position.fingerprint):
            raise LogDamaged(
                f"{here.topic}/{here.partition} does not hold at offset {offset} the record that was read there: "
                f"the topic was deleted and made anew, or this is another Kafka. Nothing was read of it. {WAY_OUT}"
            )
