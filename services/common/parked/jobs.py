"""Jobs about parked records, as rows. They are the record of who did what, when and why, so they stay."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from services.common.database import Connection
from services.common.parked.model import Place
from services.common.parked.orders import Counted, Failure, ParkedJob, ParkedOrder
from services.common.sql import load_queries

_SQL = load_queries("services.common.parked", "jobs.sql")


class NotThere(Exception):
    """A record that was named is not parked here."""

    def __init__(self, place: Place) -> None:
        super().__init__(str(place))
        self.place = place


async def create(connection: Connection, order: ParkedOrder, *, now: datetime) -> UUID:
    """Remember what is to be done, and with which records; returns the job's id. To be called in a transaction.

    Raises:
        NotThere: a record that was named is not there.
    """
    job_id = order.job_id or uuid4()
    named = None if order.places is None else sorted(set(order.places))
    if named is not None:
        await _counted(connection, named)
    new = await connection.fetchval(
        _SQL["add_job"],
        job_id,
        order.action,
        order.author,
        order.reason,
        named is not None,
        list(order.codes),
        order.topic,
        order.rate,
        now,
    )
    if new is None:
        return job_id
    if named is None:
        await connection.execute(_SQL["add_matching"], job_id, list(order.codes), order.topic, order.limit)
    else:
        await connection.execute(_SQL["add_named"], job_id, *_columns(named))
    await connection.execute(_SQL["size"], job_id)
    return job_id


async def count(connection: Connection, order: ParkedOrder) -> Counted:
    """What `create` would take.

    Raises:
        NotThere: as `create`.
    """
    if order.places is not None:
        by_code = await _counted(connection, sorted(set(order.places)))
        found = sum(by_code.values())
        return Counted(found, found, by_code)
    rows = await connection.fetch(_SQL["matching"], list(order.codes), order.topic)
    by_code = {row["code"]: row["records"] for row in rows}
    found = sum(by_code.values())
    return Counted(found, min(found, order.limit), by_code)


async def find(connection: Connection, job_id: UUID) -> ParkedJob | None:
    """A job, if there is one."""
    row = await connection.fetchrow(_SQL["find"], job_id)
    return None if row is None else ParkedJob(**row)


async def page(
    connection: Connection, *, before: tuple[datetime, UUID] | None, limit: int
) -> list[ParkedJob]:
    """Jobs, the newest first."""
    created_at, job_id = before or (None, None)
    return [ParkedJob(**row) for row in await connection.fetch(_SQL["page"], created_at, job_id, limit)]


async def failures(connection: Connection, job_id: UUID, *, after: int, limit: int) -> list[Failure]:
    """Records that could not be taken again, and why."""
    rows = await connection.fetch(_SQL["failures"], job_id, after, limit)
    return [
        Failure(
            row["place"],
            Place(row["topic"], row["partition"], row["record_offset"]),
            row["code"],
            row["reason"],
        )
        for row in rows
    ]


async def cancel(connection: Connection, job_id: UUID, *, author: str, now: datetime) -> bool:
    """Begin with no more of its records; False if it is over."""
    return await connection.fetchval(_SQL["cancel"], job_id, now, author) is not None


async def _counted(connection: Connection, places: Collection[Place]) -> dict[str, int]:
    rows = await connection.fetch(_SQL["named"], *_columns(places))
    there = {Place(row["topic"], row["partition"], row["record_offset"]) for row in rows}
    for place in places:
        if place not in there:
            raise NotThere(place)
    by_code: dict[str, int] = {}
    for row in rows:
        by_code[row["code"]] = by_code.get(row["code"], 0) + 1
    return by_code


def _columns(places: Collection[Place]) -> list[list[str] | list[int]]:
    return [[p.topic for p in places], [p.partition for p in places], [p.offset for p in places]]
