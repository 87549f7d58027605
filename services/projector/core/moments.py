"""Times every table can hold."""

from datetime import UTC, datetime

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(9000, 1, 1, tzinfo=UTC)


def moment(time: datetime) -> datetime:
    """`time`, or the nearest that every table can hold: a fold is total, also over absurd dates."""
    if 1900 < time.year < 9000:
        return time
    return EARLIEST if time.year <= 1900 else LATEST


def optional_moment(time: datetime | None) -> datetime | None:
    """`moment` for what may be absent."""
    return None if time is None else moment(time)
