"""Parked, not lost: records nobody can read are kept as they were, and the partition goes on."""

import base64
from collections.abc import Sequence
from datetime import datetime

import orjson

from services.common.database import Connection
from services.common.records import Record
from services.common.sql import load_queries
from services.projector.core.reading import Unread, logged_at

_SQL = load_queries("services.projector.core")


async def park(connection: Connection, unread: Sequence[Unread], *, now: datetime) -> None:
    """Put `unread` aside."""
    if not unread:
        return
    rows = [
        (
            record.topic,
            record.partition,
            record.offset,
            record.key,
            _headers(record),
            record.value,
            code,
            sentence,
            logged_at(record),
            now,
        )
        for record, code, sentence in unread
    ]
    await connection.execute(_SQL["park"], *zip(*rows, strict=True))


def _headers(record: Record) -> str:
    return orjson.dumps(
        [
            [
                name.encode("utf-8", "replace").decode(),
                None if value is None else base64.b64encode(value).decode(),
            ]
            for name, value in record.headers
        ]
    ).decode()
