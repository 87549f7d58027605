"""How skipped rows are cut into groups: the same way in every process, so that a group repeated is the same event."""

from collections.abc import Sequence

import msgspec

from schemas.facts import SkippedRow

MAX_ROWS = 500
MAX_BYTES = 512 * 1024
_ENCODER = msgspec.json.Encoder()


def cut(rows: Sequence[SkippedRow], *, complete: bool) -> list[tuple[SkippedRow, ...]]:
    """Cut rows, in row order from the beginning of a group, into groups.

    Each group takes as many rows as fit (500, and half a MiB). Unless `complete` (no rows follow), the
    last group is left out, because rows that come later may belong to it.
    """
    groups: list[tuple[SkippedRow, ...]] = []
    group: list[SkippedRow] = []
    size = 0
    for row in rows:
        weight = len(_ENCODER.encode(row)) + 1
        if group and (len(group) == MAX_ROWS or size + weight > MAX_BYTES):
            groups.append(tuple(group))
            group, size = [], 0
        group.append(row)
        size += weight
    if group and complete:
        groups.append(tuple(group))
    return groups
