"""Imports of which nothing more shall start, as rows."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.common.database import Connection
from services.common.sql import load_queries

_SQL = load_queries("services.provisioner.store", "stops.sql")


class Stop(NamedTuple):
    """An import to stop, by whom and why."""

    import_id: UUID
    author: str
    reason: str


async def add(connection: Connection, stops: Collection[Stop], *, now: datetime) -> set[UUID]:
    """Remember stops and bring forward what was to be looked at later; answers which were news."""
    if not stops:
        return set()
    columns = [list(column) for column in zip(*stops, strict=True)]
    news = {row["import_id"] for row in await connection.fetch(_SQL["add"], *columns)}
    if news:
        await connection.execute(_SQL["bring_forward"], list(news), now)
    return news


async def known(connection: Connection, *, within_s: float | None = None) -> set[UUID]:
    """Stopped imports: all, or those of the last seconds."""
    if within_s is None:
        rows = await connection.fetch(_SQL["all"])
    else:
        rows = await connection.fetch(_SQL["recent"], within_s)
    return {row["import_id"] for row in rows}
