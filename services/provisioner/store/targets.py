"""The target in Postgres: one row, changed under its lock."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from schemas.facts import TargetPaused, TargetResumed
from services.common.database import Connection
from services.common.sql import load_queries
from services.provisioner.target import telling
from services.provisioner.target.state import Probe, Standing, Stop, Target, Told

_SQL = load_queries("services.provisioner.store", "targets.sql")
_STANDINGS: tuple[Standing, ...] = ("up", "held", "down")


class Seen(NamedTuple):
    """The row, and the database's time when it was read."""

    target: Target
    now: datetime


class Query(Protocol):
    """`read` or `lock`."""

    async def __call__(self, connection: Connection, name: str, *, rate: float | None) -> Seen:
        """The target."""
        ...


class Calls(NamedTuple):
    """Calls of all copies: under way now, and what those of the last minute came to."""

    copies: int
    under_way: int
    answered: int
    unclear: int
    not_taken: int


async def read(connection: Connection, name: str, *, rate: float | None) -> Seen:
    """The target; `rate` holds where none was set while running."""
    row = await connection.fetchrow(_SQL["read"], name)
    if row is None:
        await connection.execute(_SQL["add"], name)
        row = await connection.fetchrow(_SQL["read"], name)
    return _seen(name, row, rate)  # type: ignore[arg-type]


async def lock(connection: Connection, name: str, *, rate: float | None) -> Seen:
    """The same, locked until the transaction ends."""
    row = await connection.fetchrow(_SQL["lock"], name)
    if row is None:
        await connection.execute(_SQL["add"], name)
        row = await connection.fetchrow(_SQL["lock"], name)
    return _seen(name, row, rate)  # type: ignore[arg-type]


async def learn(connection: Connection, facts: Iterable[TargetPaused | TargetResumed]) -> None:
    """Facts read from the log: what the table should know of what was told."""
    for fact in facts:
        before, _ = await lock(connection, fact.target, rate=None)
        after = telling.learn(before, fact)
        if after is not before:
            await write(connection, after)


async def write(connection: Connection, target: Target) -> None:
    """Everything but the rate."""
    probe, stop, told = target.probe, target.stop, target.told
    await connection.execute(
        _SQL["write"],
        target.name,
        _STANDINGS.index(target.standing),
        target.code,
        target.since,
        target.next_at,
        target.pause,
        probe and probe.owner,
        probe and probe.until,
        stop and stop.author,
        stop and stop.reason,
        stop and stop.since,
        told.change,
        told.code,
        told.next_at,
    )


async def limit(connection: Connection, name: str, rate: float | None, *, pause: float | None) -> None:
    """A rate, whose slots begin after so many seconds; None: it is the same as before."""
    await connection.execute(_SQL["limit"], name, rate, pause)


async def reserve(connection: Connection, name: str, seconds: float) -> tuple[datetime, datetime]:
    """Take the next slots, so many seconds long: when they begin, and the time."""
    row = await connection.fetchrow(_SQL["reserve"], name, seconds)
    if row is None:
        await connection.execute(_SQL["add"], name)
        row = await connection.fetchrow(_SQL["reserve"], name, seconds)
    return row["first"], row["now"]  # type: ignore[index]


async def seen(
    connection: Connection, name: str, copy: UUID, under_way: int, came: Mapping[str, int]
) -> None:
    """What one copy has to say of its calls, for others to read."""
    counts = (came.get("answered", 0), came.get("unclear", 0), came.get("not_taken", 0))
    await connection.execute(_SQL["seen"], name, copy, under_way, *counts)
    await connection.execute(_SQL["forget"], name)


async def calls(connection: Connection, name: str) -> Calls:
    """What all copies that run have said."""
    row = await connection.fetchrow(_SQL["copies"], name)
    return Calls(*row)  # type: ignore[misc]


def _seen(name: str, row: Mapping[str, Any], rate: float | None) -> Seen:
    probe = Probe(row["probe_owner"], row["probe_until"]) if row["probe_owner"] else None
    stop = Stop(row["stopped_by"], row["stopped_reason"], row["stopped_at"]) if row["stopped_at"] else None
    target = Target(
        name=name,
        since=row["since"],
        standing=_STANDINGS[row["standing"]],
        code=row["code"],
        next_at=row["next_at"],
        pause=row["pause"],
        probe=probe,
        stop=stop,
        rate=row["rate"] if row["rate_set"] else rate,
        told=Told(row["change"], row["told_code"], row["told_next_at"]),
    )
    return Seen(target, row["now"])
