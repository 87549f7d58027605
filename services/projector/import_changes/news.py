"""From entries of the ring to the rows that a reader has to be told of. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

Versions = Mapping[int, int]
"""How far an import is, by partition; its version is their sum."""

MOST_RANGES = 20


class Entry(NamedTuple):
    """The rows of one import that one batch changed in one partition: it led from `before` to `version`."""

    partition: int
    before: int
    version: int
    first_row: int
    last_row: int
    changed: Sequence[int] | None


class Ring(NamedTuple):
    """What is known of one import: how far it is, and its entries, oldest first in each partition."""

    versions: Versions
    entries: Sequence[Entry]


class News(NamedTuple):
    """What changed since some versions. Never less than what did; now and then more."""

    versions: Versions
    """How far this is."""
    rows: tuple[int, ...] | None
    """The rows, in order; None: too many to name."""
    ranges: tuple[tuple[int, int], ...] | None
    """Where they lie, if they are too many to name; None: anywhere, because the ring does not reach back so far."""

    @property
    def complete(self) -> bool:
        """Whether the ring reaches back so far."""
        return self.rows is not None or self.ranges is not None


def news_since(known: Versions, ring: Ring, *, most: int) -> News:
    """The rows that changed since `known`; up to `most` are named."""
    reached = {partition: known.get(partition, 0) for partition in ring.versions}
    whole = True
    found: list[Entry] = []
    for entry in ring.entries:
        here = reached.get(entry.partition, 0)
        if entry.version > here:
            whole = whole and entry.before <= here
            reached[entry.partition] = entry.version
            found.append(entry)
    for partition, version in ring.versions.items():
        if reached[partition] < version:
            whole, reached[partition] = False, version
    if not whole:
        return News(reached, None, None)
    rows: set[int] = set()
    for entry in found:
        if entry.changed is None:
            return News(reached, None, _ranges(found))
        rows.update(entry.changed)
    return (
        News(reached, tuple(sorted(rows)), None) if len(rows) <= most else News(reached, None, _ranges(found))
    )


def known_at(version: int, versions: Versions) -> Versions | None:
    """The least that somebody knows, in each partition, who was told `version`, the sum; None if that is yet to come.

    Nobody knows which partition the missing events belong to, so each of them may lack them all.
    """
    missing = sum(versions.values()) - version
    if missing < 0:
        return None
    return {partition: max(0, there - missing) for partition, there in versions.items()}


def _ranges(entries: Iterable[Entry]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for first, last in sorted((entry.first_row, entry.last_row) for entry in entries):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined) if len(joined) <= MOST_RANGES else ((joined[0][0], joined[-1][1]),)
