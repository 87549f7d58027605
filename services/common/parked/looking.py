"""Looking at what is parked. Nothing is changed or used up by it."""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import asyncpg
import orjson

from services.common.database import Connection
from services.common.parked.model import Cause, Opened, Parked, Place, State, Try
from services.common.parked.showing import MOST_VALUE_BYTES
from services.common.sql import load_queries

_SQL = load_queries("services.common.parked", "looking.sql")


class Before(NamedTuple):
    """The last record of the page before."""

    parked_at: datetime
    place: Place


async def page(
    connection: Connection,
    *,
    codes: Sequence[str],
    topic: str | None,
    states: Sequence[State],
    before: Before | None,
    limit: int,
) -> list[Parked]:
    """Records, the newest first; no codes or states: all of them."""
    at, (last_topic, partition, offset) = before or (None, (None, None, None))
    rows = await connection.fetch(
        _SQL["page"], list(codes), topic, list(states), at, last_topic, partition, offset, limit
    )
    return [_parked(row) for row in rows]


async def causes(connection: Connection) -> list[Cause]:
    """What waits, by topic and code."""
    return [Cause(*row) for row in await connection.fetch(_SQL["causes"])]


async def find(connection: Connection, place: Place) -> Opened | None:
    """One record with the beginning of its bytes, if it was ever parked."""
    row = await connection.fetchrow(_SQL["find"], *place, MOST_VALUE_BYTES)
    if row is None:
        return None
    tries = [Try(*found) for found in await connection.fetch(_SQL["tries"], *place)]
    return Opened(_parked(row), row["key"], row["value"], tries)


def headers_of(text: str) -> list[tuple[str, bytes | None]]:
    """Headers as they were parked."""
    return [(name, None if value is None else base64.b64decode(value)) for name, value in orjson.loads(text)]


def _parked(row: asyncpg.Record) -> Parked:
    return Parked(
        place=Place(row["topic"], row["partition"], row["record_offset"]),
        code=row["code"],
        reason=row["reason"],
        written_at=row["written_at"],
        parked_at=row["parked_at"],
        state=row["state"],
        tries=row["tries"],
        tried_at=row["tried_at"],
        settled_at=row["settled_at"],
        settled_by=row["settled_by"],
        headers=None if row["headers"] is None else headers_of(row["headers"]),
        size=row["size"],
    )
