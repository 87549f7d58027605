"""Courses that are over, as rows: one a partition of the log, until nothing of the course is open there."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.common.database import Connection
from services.common.sql import load_queries
from services.provisioner.jobs import store as jobs

_SQL = load_queries("services.provisioner.courses")


@dataclass(frozen=True, slots=True)
class Begun:
    """A course whose end was begun."""

    project_id: UUID
    deleted: bool


@dataclass(frozen=True, slots=True)
class Ending:
    """A course that is over, in one partition, after so many looks."""

    project_id: UUID
    partition: int
    deleted: bool
    looks: int


async def begin(
    connection: Connection, topic: str, partitions: Iterable[int], *, now: datetime
) -> Begun | None:
    """Begin one course's end, if there is one that nobody has begun; it is to be looked at in `partitions`."""
    row = await connection.fetchrow(_SQL["begin"], topic)
    if row is None:
        return None
    await connection.execute(_SQL["add_endings"], row["project_id"], list(partitions), now)
    return Begun(row["project_id"], row["deleted"])


async def take(connection: Connection, partitions: Collection[int], *, now: datetime) -> list[Ending]:
    """One course, in those of some partitions where it is due and no job is under way; locked, like its project."""
    rows = await connection.fetch(_SQL["take_endings"], list(partitions), now)
    return [Ending(row["project_id"], row["partition"], row["deleted"], row["looks"]) for row in rows]


async def open_accounts(
    connection: Connection, project_id: UUID, partitions: Collection[int]
) -> dict[int, tuple[int, int]]:
    """By partition, if any: how many accounts are to be closed, and how many are still being made."""
    rows = await connection.fetch(_SQL["open_accounts"], project_id, list(partitions))
    return {row["partition"]: (row["to_close"], row["being_made"]) for row in rows}


async def bring_forward(
    connection: Connection, project_id: UUID, partitions: Collection[int], *, now: datetime
) -> None:
    """What waits for another attempt is due now."""
    await connection.execute(_SQL["bring_forward"], project_id, list(partitions), now)


async def put_off(connection: Connection, ending: Ending, job_id: UUID | None, *, due_at: datetime) -> None:
    """Look again later, once the job is done."""
    await connection.execute(_SQL["put_off"], ending.project_id, [ending.partition], job_id, due_at)


async def end(connection: Connection, project_id: UUID, partitions: Collection[int]) -> None:
    """Nothing is open there any more."""
    if partitions:
        await connection.execute(_SQL["end_endings"], project_id, list(partitions))


async def forget(connection: Connection, project_ids: Collection[UUID], *, now: datetime) -> None:
    """These courses have another end: what was ordered for the one before, and has not begun, is dropped."""
    rows = await connection.fetch(_SQL["forget_endings"], list(project_ids))
    for job_id in {row["job_id"] for row in rows if row["job_id"] is not None}:
        await jobs.cancel(connection, job_id, now=now)
