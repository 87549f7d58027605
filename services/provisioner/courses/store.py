"""Projects as rows: when they end, and how far their topic was read."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from uuid import UUID

import asyncpg

from schemas.projects import CourseProject, end_of_day
from services.common.database import Connection
from services.common.positions import about_to_store_first
from services.common.records import TopicPartition
from services.common.sql import load_queries
from services.provisioner.courses import endings
from services.provisioner.courses.courses import Term

_SQL = load_queries("services.provisioner.courses")


async def put(
    connection: Connection, projects: Sequence[CourseProject], *, zone: tzinfo, now: datetime
) -> set[UUID]:
    """Store projects, each once; answers those whose description was news."""
    if not projects:
        return set()
    rows = await connection.fetch(
        _SQL["put_projects"],
        [p.project_id for p in projects],
        [p.revision for p in projects],
        [p.name for p in projects],
        [p.status == "deleted" for p in projects],
        [p.end_date if p.ends_at is None else None for p in projects],
        [p.ends(zone) for p in projects],
        now,
    )
    news = {row["project_id"] for row in rows}
    await endings.forget(connection, news, now=now)
    return news


async def terms(connection: Connection, *, within_s: float | None = None) -> dict[UUID, Term]:
    """The terms of all courses, or of those described within the last seconds."""
    if within_s is None:
        rows = await connection.fetch(_SQL["all_terms"])
    else:
        rows = await connection.fetch(_SQL["recent_terms"], within_s)
    return {row["project_id"]: _term(row) for row in rows}


async def settle_zone(connection: Connection, zone: tzinfo) -> int:
    """Make whole days end where the site is now; answers how many ends that moved."""
    moved = 0
    for row in await connection.fetch(_SQL["whole_days"]):
        ends = end_of_day(row["end_date"], zone)
        if ends != row["ends"]:
            await connection.execute(_SQL["move_end"], row["project_id"], ends)
            moved += 1
    return moved


async def note_unread(
    connection: Connection, positions: Mapping[TopicPartition, int], *, as_of: datetime
) -> None:
    """Store where reading begins of partitions without a stored position."""
    if not positions:
        return
    async with connection.transaction():
        await about_to_store_first(connection)
        await connection.execute(
            _SQL["note_unread"],
            [here.topic for here in positions],
            [here.partition for here in positions],
            list(positions.values()),
            as_of,
        )


async def read_to(connection: Connection, topic: str) -> datetime | None:
    """Everything published on the topic before this moment is in the tables; None: nothing is known of it."""
    moment: datetime | None = await connection.fetchval(_SQL["read_to"], topic)
    return moment


def _term(row: asyncpg.Record) -> Term:
    if row["deleted"]:
        return Term(row["read_at"])
    return Term(None if row["ends"] is None else max(row["ends"], row["read_at"]))
