"""Kafka's default partitioner for a whole batch of keys at once."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from aiokafka.partitioner import murmur2

_SEED = 0x9747B28C
_M = np.uint32(0x5BD1E995)
_FEW = 8  # below this many keys aiokafka's plain Python is quicker than setting numpy up


def partitions_for(keys: Sequence[bytes], count: int) -> list[int]:
    """Return the partition of each key among `count`, the same one Java's producer picks.

    Raises:
        ValueError: `count` is not positive.
    """
    if count < 1:
        raise ValueError(f"a topic has at least one partition, not {count}")
    if len(keys) < _FEW:
        return [(murmur2(key) & 0x7FFFFFFF) % count for key in keys]
    lengths = {len(key) for key in keys}
    if len(lengths) == 1:
        return _partitions(_murmur2(keys, lengths.pop()), count)
    found = np.empty(len(keys), dtype=np.int64)
    of_length = np.fromiter(map(len, keys), dtype=np.int64, count=len(keys))
    for length in lengths:
        where = np.flatnonzero(of_length == length).tolist()
        found[where] = _partitions(_murmur2([keys[i] for i in where], length), count)
    result: list[int] = found.tolist()
    return result


def _partitions(hashes: npt.NDArray[np.uint32], count: int) -> list[int]:
    result: list[int] = ((hashes & np.uint32(0x7FFFFFFF)) % np.uint32(count)).tolist()
    return result


def _murmur2(keys: Sequence[bytes], length: int) -> npt.NDArray[np.uint32]:
    """MurmurHash2 of keys of one length, column by column; uint32 arithmetic wraps as Java's int does."""
    whole = length & ~3
    table = np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(len(keys), length)
    h = np.full(len(keys), _SEED ^ length, dtype=np.uint32)
    words = np.ascontiguousarray(table[:, :whole]).view("<u4")
    for column in words.T:
        k = column * _M
        k ^= k >> np.uint32(24)
        k *= _M
        h *= _M
        h ^= k
    if length > whole:
        for place in range(length - whole):
            h ^= table[:, whole + place].astype(np.uint32) << np.uint32(8 * place)
        h *= _M
    h ^= h >> np.uint32(13)
    h *= _M
    h ^= h >> np.uint32(15)
    return h
