"""The tables as they are, read as a superuser in one snapshot."""

from collections.abc import Mapping
from uuid import UUID

import asyncpg

from schemas.topics import LOG
from services.projector.accounts import store
from services.projector.accounts.view import Origin
from services.projector.import_progress.fold import COUNTED
from tests.e2e.checker.folding import ReadModels

_ACCOUNTS = """
SELECT account_id, modified, version, standing, phase, username, code, message, can_retry, attempts,
    next_attempt_at, expires_at, life, uncertain, close_code, claims, email IS NOT NULL,
    project_id, email, description, requested_by, created
FROM projector.accounts"""
_ROWS = """
SELECT import_id, row, revision, line, email, description, account_id, code, duplicate_of, claim, pinned, kept,
    ending, failed
FROM projector.import_rows"""
_IMPORTS = """
SELECT import_id, submitted, skipped_groups, project_id, rows, requested, author, source FROM projector.imports"""
_PROVISIONED = """
SELECT account_id, version, state, life, series, username FROM provisioner.accounts"""


_OPEN_IN_IMPORTER = (
    "imports WHERE published_at IS NULL",
    "cancels WHERE published_at IS NULL OR told_at IS NULL",
    "undos WHERE published_at IS NULL OR released_at IS NULL",
    "corrections WHERE published_at IS NULL OR released_at IS NULL",
)


async def read_models(tables: asyncpg.Connection) -> tuple[ReadModels, dict[int, int]]:
    """The projector's tables and the positions they belong to."""
    async with tables.transaction(isolation="repeatable_read", readonly=True):
        positions = await _positions(tables, "projector")
        accounts = {
            row[0]: (store.from_row(tuple(row)[:17]), Origin(*tuple(row)[17:]))
            for row in await tables.fetch(_ACCOUNTS)
        }
        rows = {tuple(row)[:3]: tuple(row)[3:] for row in await tables.fetch(_ROWS)}
        counted = ", ".join(f'"{row_class}"' for row_class in COUNTED)
        progress = {
            tuple(row)[:2]: tuple(row)[2:]
            for row in await tables.fetch(
                f"SELECT import_id, partition, {counted}, version, settled, rate "  # noqa: S608 - our own names
                "FROM projector.import_progress"
            )
        }
        imports = {
            row[0]: (
                tuple(row)[3:] if row["rows"] is not None else None,
                row["submitted"],
                tuple(row["skipped_groups"]),
            )
            for row in await tables.fetch(_IMPORTS)
        }
    return ReadModels(accounts, rows, progress, imports), positions


async def provisioned(tables: asyncpg.Connection) -> Mapping[UUID, tuple[int, int, int, int, str | None]]:
    """The provisioner's accounts: version, state, life, series, user name."""
    return {row[0]: tuple(row)[1:] for row in await tables.fetch(_PROVISIONED)}


async def behind(tables: asyncpg.Connection, ends: Mapping[int, int]) -> str:
    """Who has something left to do on a log that ends there; empty when nobody has."""
    for open_in_importer in _OPEN_IN_IMPORTER:
        if await tables.fetchval(f"SELECT EXISTS (SELECT FROM importer.{open_in_importer})"):  # noqa: S608 - same
            return f"importer.{open_in_importer}"
    for schema in ("provisioner", "projector"):
        read = await _positions(tables, schema)
        if any(read.get(partition, 0) != end for partition, end in ends.items()):
            return f"{schema} reads"
    for table in ("job_parts", "outbox", "work"):
        if await tables.fetchval(f"SELECT EXISTS (SELECT FROM provisioner.{table})"):  # noqa: S608 - same
            return f"provisioner.{table} is not empty"
    return ""


async def _positions(tables: asyncpg.Connection, schema: str) -> dict[int, int]:
    rows = await tables.fetch(
        f"SELECT partition, next_offset FROM {schema}.positions WHERE topic = $1",  # noqa: S608 - same
        LOG,
    )
    return {row["partition"]: row["next_offset"] for row in rows}
