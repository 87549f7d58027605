"""A first token, so that somebody can come in."""

from services.common.access.tokens import add_token
from services.common.database import open_pool


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
