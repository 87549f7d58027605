"""Records nobody could read, kept with bytes, origin and reason (design decision D14)."""

import base64
from collections.abc import Iterable
from datetime import datetime

import orjson

from schemas.codec import Unreadable
from services.common.database import Connection
from services.common.records import Record
from services.common.sql import load_queries

_SQL = load_queries("services.provisioner.store", "parked.sql")


async def park(connection: Connection, records: Iterable[tuple[Record, Unreadable]], now: datetime) -> None:
    """Keep records with their reasons; one that is there already stays as it is."""
    await connection.executemany(
        _SQL["park"],
        [
            (
                record.topic,
                record.partition,
                record.offset,
                record.key,
                _headers(record),
                record.value,
                reason.code,
                str(reason),
                now,
            )
            for record, reason in records
        ],
    )


def _headers(record: Record) -> str:
    """Headers as JSON; their bytes may be anything, so they are base64."""
    return orjson.dumps(
        [
            [name, None if value is None else base64.b64encode(value).decode()]
            for name, value in record.headers
        ]
    ).decode()
