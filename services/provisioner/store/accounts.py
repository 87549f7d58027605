"""Accounts as rows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.common.database import Connection
from services.common.sql import load_queries
from services.provisioner.account import Change, Stored
from services.provisioner.store import closings, mapping

_SQL = load_queries("services.provisioner.store", "accounts.sql")


async def load(connection: Connection, account_ids: Iterable[UUID]) -> dict[UUID, Stored]:
    """The accounts that exist, locked until the transaction ends."""
    rows = await connection.fetch(_SQL["load"], list(account_ids))
    return {row["account_id"]: Stored(mapping.account_of(row), row["partition"]) for row in rows}


async def insert_new(connection: Connection, accounts: Sequence[Stored]) -> None:
    """Insert accounts that were just asked for the first time."""
    if not accounts:
        return
    await connection.copy_records_to_table(
        "accounts", columns=mapping.NEW_COLUMNS, records=map(mapping.new_row, accounts)
    )


async def rewrite(
    connection: Connection, changes: Sequence[Change], *, asked: Mapping[UUID, datetime] | None = None
) -> set[UUID]:
    """Store whole accounts; returns those whose version was still the expected one.

    `asked`: since when accounts are being closed, if not since now.
    """
    if not changes:
        return set()
    columns = zip(*(mapping.full_row(change.before, change.after) for change in changes), strict=True)
    rows = await connection.fetch(_SQL["rewrite"], *map(list, columns))
    stored = {row["account_id"] for row in rows}
    await closings.follow(connection, changes, stored, asked=asked or {})
    return stored


async def record(connection: Connection, changes: Sequence[Change]) -> set[UUID]:
    """Store what outcomes changed; returns the accounts whose version was still the expected one."""
    if not changes:
        return set()
    columns = zip(*(mapping.outcome_row(change.before, change.after) for change in changes), strict=True)
    rows = await connection.fetch(_SQL["record"], *map(list, columns))
    stored = {row["account_id"] for row in rows}
    await closings.follow(connection, changes, stored, asked={})
    return stored


async def store(connection: Connection, changes: Sequence[Change]) -> set[UUID]:
    """Store accounts, each by the cheaper of the two statements that will do; returns as they do."""
    rewritten = [c for c in changes if not mapping.only_stands_otherwise(c.before, c.after)]
    if not rewritten:
        return await record(connection, changes)
    recorded = [c for c in changes if mapping.only_stands_otherwise(c.before, c.after)]
    return await record(connection, recorded) | await rewrite(connection, rewritten)


async def read(connection: Connection, account_ids: Iterable[UUID]) -> dict[UUID, Stored]:
    """The accounts that exist as they are now, not locked: to say something of them, not to decide."""
    rows = await connection.fetch(_SQL["read"], list(account_ids))
    return {row["account_id"]: Stored(mapping.account_of(row), row["partition"]) for row in rows}


async def projects_of(connection: Connection, account_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The projects of the accounts that exist."""
    rows = await connection.fetch(_SQL["projects_of"], list(account_ids))
    return {row["account_id"]: row["project_id"] for row in rows}


async def followed_by(
    connection: Connection, partitions: Iterable[int], import_ids: Iterable[UUID]
) -> list[UUID]:
    """Accounts still being made that one of these imports asked for after another."""
    rows = await connection.fetch(_SQL["followed_by"], list(partitions), list(map(str, import_ids)))
    return [row["account_id"] for row in rows]


async def states(connection: Connection, account_ids: Iterable[UUID]) -> dict[UUID, int]:
    """The state numbers of the accounts that exist."""
    rows = await connection.fetch(_SQL["states"], list(account_ids))
    return {row["account_id"]: row["state"] for row in rows}
