"""Imports as rows: the project of each that ever asked for an account."""

from collections.abc import Mapping
from uuid import UUID

from services.common.database import Connection
from services.common.sql import load_queries

_SQL = load_queries("services.provisioner.store", "imports.sql")


async def add(connection: Connection, projects: Mapping[UUID, UUID]) -> None:
    """Remember imports with their projects; one that is known stays as it is."""
    if projects:
        import_ids = sorted(projects)  # two processes that meet the same imports lock them in the same order
        await connection.execute(_SQL["add"], import_ids, [projects[i] for i in import_ids])


async def project_of(connection: Connection, import_id: UUID) -> UUID | None:
    """The project of an import; None: it asked for nothing, or nothing was read of it yet."""
    project_id: UUID | None = await connection.fetchval(_SQL["project_of"], import_id)
    return project_id
