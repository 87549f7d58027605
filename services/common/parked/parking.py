"""Parked, not lost: records nobody can read are kept as they were, and the partition goes on (decision D14).

Each service parks in a table of its own, in the transaction that moves its position: see `parked.sql` for its
columns, which are part of the service's migrations.
"""

import base64
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import orjson

from schemas.codec import Unreadable
from services.common.database import Connection
from services.common.records import Record
from services.common.sql import load_queries

_SQL = load_queries("services.common.parked", "parking.sql")
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


class Unread(NamedTuple):
    """A record nobody can read, and why."""

    record: Record
    reason: Unreadable


async def park(connection: Connection, unread: Sequence[Unread], *, now: datetime) -> None:
    """Keep records with bytes, origin and reason; one that is parked already stays as it is."""
    if not unread:
        return
    records = [record for record, _ in unread]
    await connection.execute(
        _SQL["park"],
        [record.topic for record in records],
        [record.partition for record in records],
        [record.offset for record in records],
        [record.key for record in records],
        [_headers(record) for record in records],
        [record.value for record in records],
        [reason.code for _, reason in unread],
        [str(reason) for _, reason in unread],
        [written_at(record) for record in records],
        [now] * len(records),
    )


def written_at(record: Record) -> datetime:
    """When the log took the record, or its writer says so; 1970 where that is no time."""
    try:
        return datetime.fromtimestamp(record.timestamp_ms / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return _EARLIEST


def _headers(record: Record) -> str:
    """Names and values as JSON; both may be any bytes, so values are base64 and broken names are replaced."""
    return orjson.dumps(
        [
            [
                name.encode("utf-8", "replace").decode(),
                None if value is None else base64.b64encode(value).decode(),
            ]
            for name, value in record.headers
        ]
    ).decode()
