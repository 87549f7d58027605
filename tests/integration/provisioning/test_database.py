"""Roles, schemas and grants on a real server."""

import asyncio
import secrets
from collections.abc import AsyncIterator

import asyncpg
import pytest

from deploy.provisioning.database import ROLES, Provisioned, provision_database
from deploy.provisioning.dsn import with_user
from deploy.provisioning.tokens import provision_staff_token
from services.common.access import Authenticator
from services.common.database import open_pool

# As in the fixtures of this run: roles belong to the whole server, so every test gives them the same passwords.
PASSWORDS = {role: f"test-{role}" for role in ROLES}


@pytest.fixture
async def name(postgres_admin_dsn: str) -> AsyncIterator[str]:
    """The name of a database that does not exist yet, and is gone afterwards."""
    name = f"provisioned-{secrets.token_hex(4)}"
    yield name
    connection = await asyncpg.connect(postgres_admin_dsn)
    await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await connection.close()


@pytest.fixture
async def made(postgres_admin_dsn: str, name: str) -> Provisioned:
    """A provisioned database."""
    return await provision_database(postgres_admin_dsn, name, PASSWORDS)


async def _refused(dsn: str, statement: str) -> bool:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    except asyncpg.InsufficientPrivilegeError:
        return True
    finally:
        await connection.close()
    return False


async def test_each_service_owns_its_schema(made: Provisioned) -> None:
    """It makes tables there, without naming the schema."""
    for role in ROLES:
        connection = await asyncpg.connect(made.services[role])
        await connection.execute("CREATE TABLE mine (n integer)")
        assert await connection.fetchval("SELECT 'mine'::regclass = $1::regclass", f"{role}.mine")
        await connection.close()


async def test_a_service_reaches_nothing_else(made: Provisioned) -> None:
    """Not another's schema, not public, no new schemas, databases or roles, and no token is its to write."""
    connection = await asyncpg.connect(made.services["importer"])
    await connection.execute("CREATE TABLE importer.mine (n integer)")
    await connection.close()
    for statement in (
        "SELECT * FROM importer.mine",
        "CREATE TABLE importer.theirs (n integer)",
        "CREATE TABLE public.theirs (n integer)",
        "CREATE SCHEMA theirs",
        "CREATE ROLE theirs",
        "CREATE DATABASE theirs",
        "DELETE FROM access.tokens",
        "INSERT INTO access.tokens (token_hash, user_id) VALUES (sha256('x'), 'x')",
        "UPDATE access.tokens SET revoked_at = NULL",
        "INSERT INTO access.project_roles VALUES (gen_random_uuid(), 'x', 'owner')",
        "DELETE FROM access.sessions",
        "SELECT * FROM access.sign_ins",
        "SELECT * FROM access.audit",
        "SELECT * FROM access.migrations",
        "ALTER ROLE projector SUPERUSER",
    ):
        assert await _refused(made.services["projector"], statement), statement


async def test_a_wrong_password_is_refused(made: Provisioned) -> None:
    """The verifier we compute is the one the server checks."""
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(with_user(made.admin, "importer", "wrong"))


async def test_it_may_be_repeated(postgres_admin_dsn: str, name: str, made: Provisioned) -> None:
    """A second time changes nothing that is there."""
    assert made.created
    connection = await asyncpg.connect(made.services["importer"])
    await connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    again = await provision_database(postgres_admin_dsn, name, PASSWORDS)
    assert not again.created
    assert again.services == made.services
    assert await connection.fetchval("SELECT n FROM kept") == 7
    await connection.close()


async def test_two_at_once(postgres_admin_dsn: str, name: str) -> None:
    """Provisioners that start together do the work once."""
    both = await asyncio.gather(*(provision_database(postgres_admin_dsn, name, PASSWORDS) for _ in range(2)))
    assert sorted(made.created for made in both) == [False, True]


async def test_the_staff_token_opens_every_service(made: Provisioned) -> None:
    """Each role can look a token up; adding it twice is adding it once."""
    for _ in range(2):
        await provision_staff_token(made.admin, "a-staff-token")
    for role in ROLES:
        pool = await open_pool(made.services[role], name="test", size=1, schema=role)
        async with pool:
            principal = await Authenticator(pool).principal("Token a-staff-token")
        assert (principal.user_id, principal.staff) == ("staff", True)


async def test_names_sort_alike_everywhere(made: Provisioned) -> None:
    """Order is by code point, and lower() still knows more than ASCII."""
    connection = await asyncpg.connect(made.admin)
    ordered = await connection.fetch("SELECT w FROM unnest(ARRAY['b','B','a','é']) w ORDER BY w")
    assert [row["w"] for row in ordered] == ["B", "a", "b", "é"]
    assert await connection.fetchval("SELECT lower('É')") == "é"
    await connection.close()
