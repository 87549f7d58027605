"""One of two sets that are compared: a connection inside a snapshot, and the schema it reads."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from services.common.database import ACQUIRE_TIMEOUT_S, Connection, Pool
from services.common.records import TopicPartition
from services.common.sql import load_queries
from services.projector.core.model import ReadModel

_SQL = load_queries("services.projector.comparing")
_T = TypeVar("_T")

STATEMENT_S = 310.0
"""Seconds for one statement; a little more than the server allows, which says why it gave up."""


class NotComparable(Exception):
    """The two sets cannot be compared; the text says why."""


class PositionsDiffer(NotComparable):
    """The sets show the log at different places."""

    def __init__(self, partition: TopicPartition, here: int, there: int) -> None:
        super().__init__(
            f"The sets are not at the same place of the log: in {partition.topic}/{partition.partition} one is "
            f"at {here} and the other at {there}. Compare them when both are as far."
        )
        self.partition = partition


@dataclass(frozen=True, slots=True)
class Side:
    """A set and what reads it: a REPEATABLE READ transaction that only reads, and is used for nothing else."""

    connection: Connection
    schema: str
    models: Sequence[ReadModel]
    """The edition it was made for."""


class Made(NamedTuple):
    """What the tables of a model were made for."""

    version: int
    digest: str


@asynccontextmanager
async def same_moment(
    pool: Pool, here: tuple[str, Sequence[ReadModel]], there: tuple[str, Sequence[ReadModel]]
) -> AsyncIterator[tuple[Side, Side]]:
    """Two sets of one database, by schema and edition, as they are at one moment; each with its own connection.

    Raises:
        TimeoutError: no connection became free in time.
    """
    async with (
        pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as one,
        one.transaction(isolation="repeatable_read", readonly=True),
    ):
        snapshot = await one.fetchval("SELECT pg_export_snapshot()")
        async with (
            pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as other,
            other.transaction(isolation="repeatable_read", readonly=True),
        ):
            await other.execute(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
            yield Side(one, *here), Side(other, *there)


async def settle(side: Side) -> None:
    """Read `side` with fixed forms of text until its transaction ends.

    Raises:
        NotComparable: the transaction may see other rows in each statement.
    """
    isolation = await side.connection.fetchval(_SQL["isolation"])
    if isolation not in ("repeatable read", "serializable"):
        raise NotComparable(f"Sets are compared in a snapshot, not in a transaction that is {isolation}.")
    await side.connection.execute(_SQL["settle"], side.schema)


async def positions_of(side: Side) -> dict[TopicPartition, int]:
    """The next offset in each partition."""
    rows = await side.connection.fetch(_SQL["positions"])
    return {TopicPartition(r["topic"], r["partition"]): r["next_offset"] for r in rows}


async def made_for(side: Side) -> dict[str, Made]:
    """What the tables were made for, by model."""
    rows = await side.connection.fetch(_SQL["versions"])
    return {r["model"]: Made(r["version"], r["tables_sha256"]) for r in rows}


def check_positions(here: Mapping[TopicPartition, int], there: Mapping[TopicPartition, int]) -> None:
    """A partition that was never read is as good as one at 0.

    Raises:
        PositionsDiffer: the first partition where the sets are not equally far.
    """
    for partition in sorted(here.keys() | there.keys()):
        one, other = here.get(partition, 0), there.get(partition, 0)
        if one != other:
            raise PositionsDiffer(partition, one, other)


async def both(one: Awaitable[_T], other: Awaitable[_T]) -> tuple[_T, _T]:
    """Wait for both, also if the first fails: a connection must not be left in the middle of a statement."""
    first, second = await asyncio.gather(one, other, return_exceptions=True)
    for outcome in (first, second):
        if isinstance(outcome, BaseException):
            raise outcome
    return first, second  # type: ignore[return-value]
