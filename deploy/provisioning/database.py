"""One database, one role and one schema a service, and the shared schema `access`."""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

from deploy.provisioning.dsn import with_database, with_user
from deploy.provisioning.scram import verifier
from services.common.database import Connection, migrate, open_pool
from services.common.sql import load_queries

ROLES = ("importer", "provisioner", "projector")
"""Deployed identifiers: role and schema of each service."""
ACCESS_OWNER = "importer"
"""The role that gives out tokens and sessions, and keeps the roles of people beside the projects."""

SETS = tuple(f"projector_{number}" for number in range(2, 7))
"""Schemas for further sets of read models beside the first, which is `projector`; a role that may make no schema
can still build a set anew beside the one in use. Deployed identifiers."""
SCHEMAS: Mapping[str, tuple[str, ...]] = {"projector": ("projector_control", *SETS)}
"""More schemas that belong to a role. `projector_control` says which sets there are."""

_SQL = load_queries("deploy.provisioning.sql", "roles.sql")
_TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class Provisioned:
    """How each service reaches its schema, and how an administrator reaches the database."""

    admin: str
    services: Mapping[str, str]
    created: bool


async def provision_database(admin_dsn: str, database: str, passwords: Mapping[str, str]) -> Provisioned:
    """Make database, roles, schemas and grants as they must be; may be repeated and run twice at once.

    Args:
        admin_dsn: a superuser (or an owner of roles and databases) in any database of the server.
        database: name of ours.
        passwords: of each role in `ROLES`; ASCII. They become the roles' passwords, whatever they were.
    """
    async with _connected(admin_dsn) as admin, _alone(admin):
        created = not await admin.fetchval(_SQL["database_exists"], database)
        if created:
            await admin.execute(await admin.fetchval(_SQL["render_create_database"], database))
        for role in ROLES:
            exists = await admin.fetchval(_SQL["role_exists"], role)
            secret = verifier(passwords[role], os.urandom(16))
            await admin.execute(await admin.fetchval(_SQL["render_role"], exists, role, secret))
        await _run_all(admin, "render_database_grants", database, list(ROLES))
        ours = with_database(admin_dsn, database)
        async with _connected(ours) as connection:
            await _run_all(connection, "render_schemas", list(ROLES))
            for role, schemas in SCHEMAS.items():
                await _run_all(connection, "render_more_schemas", role, list(schemas))
        await _migrate_access(ours)
        async with _connected(ours) as connection:
            await _run_all(connection, "render_access_grants", list(ROLES))
            await _run_all(connection, "render_owner_grants", ACCESS_OWNER)
    services = {role: with_user(ours, role, passwords[role]) for role in ROLES}
    return Provisioned(ours, services, created)


async def _migrate_access(dsn: str) -> None:
    pool = await open_pool(dsn, name="course-accounts.provisioning", size=1, schema="access")
    async with pool:
        await migrate(pool, schema="access", package="services.common.access.migrations")


async def _run_all(connection: Connection, query: str, *arguments: object) -> None:
    for (statement,) in await connection.fetch(_SQL[query], *arguments):
        await connection.execute(statement)


@asynccontextmanager
async def _connected(dsn: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(dsn, timeout=_TIMEOUT, command_timeout=_TIMEOUT)
    try:
        yield connection
    finally:
        await connection.close(timeout=5)


@asynccontextmanager
async def _alone(connection: Connection) -> AsyncIterator[None]:
    await connection.execute(_SQL["lock"])
    try:
        yield
    finally:
        await connection.execute(_SQL["unlock"])
