"""Tokens in the real table: who is found, who is not."""

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

import asyncpg
import pytest

from deploy.provisioning.database import Provisioned
from schemas.projects import CourseProject
from services.common.access import Authenticator, NotSignedIn, Principal, new_token, token_hash
from services.common.access.audit import Audit
from services.common.access.project_roles import put_project_roles
from services.common.access.tokens import add_token
from services.common.database import Pool, open_pool, transaction
from tests.support.waiting import until


@pytest.fixture
async def admin(service_database: Provisioned) -> AsyncIterator[Pool]:
    """The superuser's connections: who hands tokens out."""
    async with await open_pool(service_database.admin, name="admin", size=2) as pool:
        yield pool


@pytest.mark.parametrize("service", ["importer", "provisioner", "projector"])
async def test_each_service_finds_the_holder(
    admin: Pool, service_database: Provisioned, service: str
) -> None:
    """With no more than the right to read; adding a token again changes nothing."""
    token = new_token()
    await add_token(admin, token, user_id="sam", staff=True)
    await add_token(admin, token, user_id="somebody else", staff=False)
    async with await open_pool(service_database.services[service], name=service, size=2) as pool:
        found = await Authenticator(pool).principal(f"Token {token}")
        assert (found.user_id, found.unlimited, found.may_write) == ("sam", True, True)


@pytest.mark.parametrize(
    "change", ["revoked_at = now()", "expires_at = now() - interval '1 second'"], ids=["revoked", "expired"]
)
async def test_a_token_that_no_longer_counts(admin: Pool, change: str) -> None:
    """Is like one that never was."""
    token = new_token()
    await add_token(admin, token, user_id="sam", staff=True)
    await admin.execute(f"UPDATE access.tokens SET {change} WHERE token_hash = $1", token_hash(token))  # noqa: S608
    with pytest.raises(NotSignedIn):
        await Authenticator(admin).principal(f"Token {token}")


async def test_a_token_that_expires_later_counts(admin: Pool) -> None:
    """Until then."""
    token = new_token()
    await add_token(admin, token, user_id="sam", staff=False)
    await admin.execute("UPDATE access.tokens SET expires_at = now() + interval '1 hour'")
    assert (await Authenticator(admin).principal(f"Token {token}")).user_id == "sam"


async def test_the_token_itself_is_nowhere_in_the_table(admin: Pool) -> None:
    """Only its hash is."""
    token = new_token()
    await add_token(admin, token, user_id="sam", staff=True, note="for a test")
    (row,) = await admin.fetch("SELECT tokens::text AS line FROM access.tokens AS tokens")
    assert token not in row["line"]
    assert token_hash(token).hex() in row["line"]


A, B, C = (UUID(int=number) for number in (1, 2, 3))


def course(project: UUID, managers: tuple[str, ...], owners: tuple[str, ...] = ()) -> CourseProject:
    """A project's record, as far as it says who has a role."""
    return CourseProject(project_id=project, name="A", slug="a", managers=managers, owners=owners)


async def roles(pool: Pool, token: str) -> dict[UUID, str]:
    """What somebody is where, looked up anew."""
    return dict((await Authenticator(pool).principal(f"Token {token}")).roles)


async def test_roles_follow_the_records_of_projects(admin: Pool, service_database: Provisioned) -> None:
    """By the importer's own rights: given, changed, taken away; others are left alone; the last record counts."""
    token, narrowed = new_token(), new_token()
    for secret in (token, narrowed):
        await add_token(admin, secret, user_id="mari", staff=False)
    await admin.execute(
        "UPDATE access.tokens SET projects = $1 WHERE token_hash = $2", [B, C], token_hash(narrowed)
    )
    dsn = service_database.services["importer"]
    async with await open_pool(dsn, name="importer", size=2, schema="importer") as pool:

        async def fold(*records: CourseProject) -> None:
            async with transaction(pool) as connection:
                await put_project_roles(connection, records)

        await fold(course(A, ("mari", "sam", "", "x" * 5000)), course(B, (), ("mari",)), course(C, ("sam",)))
        assert await roles(pool, token) == {A: "manager", B: "owner"}
        assert await roles(pool, narrowed) == {B: "owner"}
        await fold(course(A, ("mari",), ("mari",)), course(A, ("sam",), ("mari",)))
        assert await roles(pool, token) == {A: "owner", B: "owner"}
        await fold(course(A, ("sam",)), course(C, ("mari",)))
        assert await roles(pool, token) == {B: "owner", C: "manager"}
        assert await roles(pool, narrowed) == {B: "owner", C: "manager"}
        await fold()
        assert await pool.fetchval("SELECT count(*) FROM access.project_roles") == 3


async def test_the_last_use_is_written_once_a_minute(admin: Pool, service_database: Provisioned) -> None:
    """Beside the request, by any service."""
    token = new_token()
    await add_token(admin, token, user_id="sam", staff=True)

    async def last_use() -> datetime | None:
        found: datetime | None = await admin.fetchval(
            "SELECT last_used_at FROM access.tokens WHERE token_hash = $1", token_hash(token)
        )
        return found

    async with await open_pool(service_database.services["projector"], name="p", size=2) as pool:
        await Authenticator(pool).principal(f"Token {token}")

        async def written() -> bool:
            return await last_use() is not None

        await until(written, "the last use")
        first = await last_use()
        await Authenticator(pool).principal(f"Token {token}")
        await admin.execute("UPDATE access.tokens SET last_used_at = now() - interval '2 minutes'")
        await Authenticator(pool).principal(f"Token {token}")

        async def later() -> bool:
            used = await last_use()
            return used is not None and first is not None and used >= first

        await until(later, "the next one")


@pytest.mark.parametrize("service", ["importer", "provisioner", "projector"])
async def test_deeds_are_written_and_stay(service_database: Provisioned, service: str) -> None:
    """Every service adds to the trail; none changes or deletes an entry; only the importer reads it."""
    principal = Principal("sam", staff=True, credential="c-1")
    async with await open_pool(service_database.services[service], name=service, size=1) as pool:
        await Audit(pool, service).record(
            principal, "close_account", objects=[A.hex], project_id=B, status=202, request_id="r-1"
        )
        for statement in (
            "UPDATE access.audit SET user_id = 'x'",
            "DELETE FROM access.audit",
            "TRUNCATE access.audit",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await pool.execute(statement)
        if service == "importer":
            (entry,) = await pool.fetch("SELECT * FROM access.audit")
            assert (entry["user_id"], entry["service"], entry["objects"]) == ("sam", "importer", [A.hex])
        else:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await pool.fetch("SELECT * FROM access.audit")
