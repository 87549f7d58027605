"""Jobs as rows: what was asked for, the parts that are left, and what could not be done."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import asyncpg
import msgspec

from schemas.topics import LOG_PARTITIONS
from services.common.database import Connection
from services.common.partitioner import partitions_for
from services.common.sql import load_queries
from services.provisioner.jobs.order import ENDS, Job, JobOrder, Mark, Part, Tally

_SQL = load_queries("services.provisioner.jobs")
PART_ROWS = 100
"""Accounts in one part: what is retried of it becomes one chunk of work."""

_NAMES = {1: "pending", 2: "ok", 3: "erred", 4: "closing", 5: "closed", 6: "closed"}


@dataclass(frozen=True, slots=True)
class Counted:
    """How many accounts an order concerns, by state, and those that failed also by code."""

    accounts: int
    by_state: dict[str, int]
    by_code: dict[str, int]


class Refusal(NamedTuple):
    """An account with which nothing could be done, and the code why."""

    account_id: UUID
    code: str
    email: str | None


async def create(connection: Connection, order: JobOrder, *, now: datetime) -> UUID:
    """Remember what is to be done, and to which accounts; returns the job's id. To be called in a transaction.

    Raises:
        ValueError: the order names no accounts, import or project.
    """
    job_id = order.job_id or uuid4()
    new = await connection.fetchval(
        _SQL["add_job"],
        job_id,
        order.action,
        order.cause,
        order.author,
        order.reason,
        order.project_id,
        order.import_id,
        list(order.codes),
        now,
        list(order.account_ids or ()),
    )
    if new is None:
        return job_id
    sql = f"{_selection(order)}{_SQL['add_parts']}"
    urgent = order.account_ids is not None and len(order.account_ids) == 1
    added = await connection.fetchrow(sql, *_arguments(order), job_id, PART_ROWS, urgent)
    assert added is not None  # noqa: S101 - an aggregate has one row
    await connection.execute(_SQL["size"], job_id, added["accounts"], added["parts"])
    return job_id


async def count(connection: Connection, order: JobOrder) -> Counted:
    """What `create` would choose.

    Raises:
        ValueError: the order names no accounts, import or project.
    """
    rows = await connection.fetch(f"{_selection(order, only=True)} {_SQL['count']}", *_arguments(order))
    states: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    for row in rows:
        states[_NAMES[row["state"]]] += row["accounts"]
        if row["code"] is not None and row["state"] != 1:
            codes[row["code"]] += row["accounts"]
    return Counted(states.total(), dict(states), dict(codes))


async def take(connection: Connection, partitions: Collection[int], *, after: UUID) -> Part | None:
    """The next part of some partitions, gone with the transaction; `after` is the job that had the turn before."""
    row = await connection.fetchrow(_SQL["take"], list(partitions), after)
    if row is None:
        return None
    return Part(row["job_id"], row["partition"], row["part"], row["account_ids"])


async def add_up(connection: Connection, part: Part, tally: Tally, *, now: datetime) -> bool:
    """Count what a part came to; whether it was the last one of its job."""
    if tally.refused:
        account_ids, codes = zip(*tally.refused, strict=True)
        await connection.execute(_SQL["refuse"], part.job_id, account_ids, codes)
    left = await connection.fetchval(
        _SQL["count_part"],
        part.job_id,
        tally.changed,
        tally.unchanged,
        len(tally.refused),
        now,
        str(part.partition),
        *(tally.mark or (None, None)),
    )
    return bool(left == 0)


async def find(connection: Connection, job_id: UUID) -> Job | None:
    """A job, if there is one."""
    row = await connection.fetchrow(_SQL["find"], job_id)
    return None if row is None else _job(row)


async def withdraw(connection: Connection, job_id: UUID) -> bool:
    """Take a job back as if it had never been; False if some of it was decided. To be called in a transaction."""
    return await connection.fetchval(_SQL["withdraw"], job_id) is not None


async def cancel(connection: Connection, job_id: UUID, *, now: datetime) -> Job | None:
    """Drop what has not begun; None if there was nothing left to drop. To be called in a transaction."""
    dropped = await connection.fetchrow(_SQL["drop_parts"], job_id)
    assert dropped is not None  # noqa: S101 - an aggregate has one row
    if not dropped["parts"]:
        return None
    row = await connection.fetchrow(_SQL["cancel"], job_id, dropped["parts"], dropped["accounts"], now)
    return None if row is None else _job(row)


async def page(
    connection: Connection,
    *,
    before: tuple[datetime, UUID] | None,
    limit: int,
    projects: Sequence[UUID] | None = None,
) -> list[Job]:
    """Jobs, the newest first; with `projects` only those that are about no other."""
    created_at, job_id = before or (None, None)
    rows = await connection.fetch(_SQL["page"], created_at, job_id, limit, projects)
    return [_job(row) for row in rows]


async def refusals(connection: Connection, job_id: UUID, *, after: UUID | None, limit: int) -> list[Refusal]:
    """Accounts of a job with which nothing could be done, and the code why."""
    rows = await connection.fetch(_SQL["refusals"], job_id, after, limit)
    return [Refusal(row["account_id"], row["code"], row["email"]) for row in rows]


async def forget(connection: Connection, *, ended_before: datetime) -> None:
    """Delete jobs that ended long ago, with their refusals."""
    await connection.execute(_SQL["forget"], ended_before)


def _selection(order: JobOrder, *, only: bool = False) -> str:
    """The common table `chosen`; accounts by name are all chosen unless `only` those concerned are wanted."""
    if order.account_ids is not None:
        selected, chosen = _SQL["of_accounts"], _SQL["concerned" if only else "everything"]
    elif order.import_id is not None:
        selected, chosen = _SQL["of_import"], _SQL["concerned"]
    elif order.project_id is not None:
        selected, chosen = _SQL["of_project"], _SQL["concerned"]
    else:
        raise ValueError("a job is about accounts, an import or a project")
    return f"WITH arguments AS ({_SQL['arguments']}), selected AS ({selected}), chosen AS ({chosen})"


def _arguments(order: JobOrder) -> list[Any]:
    ids: Sequence[UUID] = list(dict.fromkeys(order.account_ids or ()))
    partitions = partitions_for([str(i).encode() for i in ids], LOG_PARTITIONS)
    return [
        "end" if order.cause in ENDS and order.account_ids is None else order.action,
        list(order.codes),
        order.project_id,
        order.import_id,
        list(order.rows),
        ids,
        partitions if ids else list(order.partitions),
    ]


def _job(row: asyncpg.Record) -> Job:
    marks = [
        Mark(UUID(account_id), version) for account_id, version in msgspec.json.decode(row["marks"]).values()
    ]
    return Job(**{**row, "marks": marks})
