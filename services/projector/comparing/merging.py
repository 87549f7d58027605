"""Two lists in the order of their keys, walked side by side: which keys differ. Pure."""

from collections.abc import AsyncIterator
from enum import StrEnum
from typing import NamedTuple

Key = tuple[int | str, ...]


class Hashed(NamedTuple):
    """A row, told by its key and the hash of all of it."""

    key: Key
    hash: int


class Where(StrEnum):
    """Which set has a row."""

    HERE = "here"
    THERE = "there"
    BOTH = "both"


class Differs(NamedTuple):
    """A row that only one set has, or that is another in each."""

    key: Key
    where: Where


async def differing(here: AsyncIterator[Hashed], there: AsyncIterator[Hashed]) -> AsyncIterator[Differs]:
    """The keys that differ, in their order. Both must be in strictly rising order of their keys."""
    one, other = await anext(here, None), await anext(there, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one.key < other.key):
            assert one is not None  # noqa: S101 - the loop goes on while one of them is there
            yield Differs(one.key, Where.HERE)
            one = await anext(here, None)
        elif one is None or other.key < one.key:
            yield Differs(other.key, Where.THERE)
            other = await anext(there, None)
        else:
            if one.hash != other.hash:
                yield Differs(one.key, Where.BOTH)
            one, other = await anext(here, None), await anext(there, None)
