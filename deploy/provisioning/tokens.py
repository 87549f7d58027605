"""A first token, and addresses that sign in once, so that somebody can come in."""

from services.common.access import new_token, token_hash
from services.common.access.tokens import add_token
from services.common.database import open_pool
from services.common.sql import load_queries

_SQL = load_queries("deploy.provisioning.sql", "tokens.sql")


async def provision_staff_token(admin_dsn: str, token: str, *, user_id: str = "staff") -> None:
    """Let `token` be a staff member's; may be repeated.

    Args:
        admin_dsn: an administrator of our database (the services may only read tokens).
        token: the token itself; only its hash is stored.
        user_id: whose it is.
    """
    pool = await open_pool(admin_dsn, name="course-accounts.provisioning", size=1)
    async with pool:
        await add_token(pool, token, user_id=user_id, staff=True, note="made at the first start")


async def provision_sign_in(admin_dsn: str, *, user_id: str = "staff", seconds: float) -> str:
    """A one-time token that signs in as staff, on the page, within `seconds`.

    Args:
        admin_dsn: an administrator of our database.
        user_id: who signs in.
        seconds: how long it may be used; once.
    """
    one_time = new_token()
    pool = await open_pool(admin_dsn, name="course-accounts.provisioning", size=1)
    async with pool:
        await pool.execute(_SQL["add_sign_in"], token_hash(one_time), user_id, seconds)
    return one_time
