"""Our vectorised murmur2 is Kafka's, for every key."""

from uuid import UUID

import pytest
from aiokafka.partitioner import DefaultPartitioner
from hypothesis import given
from hypothesis import strategies as st

from services.common.partitioner import partitions_for

KEYS = st.one_of(st.binary(max_size=70), st.uuids().map(lambda u: str(u).encode()))


def kafka_says(keys: list[bytes], count: int) -> list[int]:
    """What aiokafka's own partitioner answers, key by key."""
    choose = DefaultPartitioner()
    return [choose(key, list(range(count)), []) for key in keys]


@given(st.lists(KEYS, max_size=40), st.integers(min_value=1, max_value=200))
def test_same_partition_as_the_default_partitioner(keys: list[bytes], count: int) -> None:
    """Any mixture of lengths, few keys or many, lands where the default partitioner puts it."""
    assert partitions_for(keys, count) == kafka_says(keys, count)


@given(st.lists(st.uuids(), min_size=8, max_size=60))
def test_uuid_strings(ids: list[UUID]) -> None:
    """A batch of account ids, all of one length, takes the fast path and agrees."""
    keys = [str(i).encode() for i in ids]
    assert partitions_for(keys, 12) == kafka_says(keys, 12)


def test_values_frozen() -> None:
    """Partitions of known keys never change: the order of an account's history hangs on them."""
    keys = [str(UUID(int=n)).encode() for n in range(10)] + [b"", b"a", b"ab", b"abc"]
    assert partitions_for(keys, 12) == FROZEN


def test_no_partitions() -> None:
    """A topic without partitions is refused instead of dividing by zero."""
    with pytest.raises(ValueError, match="at least one partition"):
        partitions_for([b"x"], 0)


FROZEN = [9, 2, 5, 7, 0, 3, 11, 8, 4, 3, 9, 4, 2, 3]
