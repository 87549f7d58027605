"""Times every table can hold."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(9000, 1, 1, tzinfo=UTC)
_MARGIN = timedelta(days=400)
"""More than there can be between a year's end here and in any other zone."""


def moment(time: datetime) -> datetime:
    """`time`, or the nearest that every table can hold: a fold is total, also over absurd dates."""
    if 1900 < time.year < 9000:
        return time
    return EARLIEST if time.year <= 1900 else LATEST


def moments(times: Sequence[datetime]) -> Sequence[datetime]:
    """`moment` of each; at least one."""
    usual = min(times) > EARLIEST + _MARGIN and max(times) < LATEST - _MARGIN
    return times if usual else [moment(time) for time in times]


def optional_moment(time: datetime | None) -> datetime | None:
    """`moment` for what may be absent."""
    return None if time is None else moment(time)
