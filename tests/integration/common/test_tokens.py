"""Tokens in the real table: who is found, who is not."""

from collections.abc import AsyncIterator

import pytest

from deploy.provisioning.database import Provisioned
from services.common.access import Authenticator, NotSignedIn, new_token, token_hash
from services.common.access.tokens import add_token
from services.common.database import Pool, open_pool


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
