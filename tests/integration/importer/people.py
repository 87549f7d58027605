"""Everybody who may knock: tokens by what they are in the course *Algebra* (`support.COURSE`)."""

from collections.abc import Mapping
from typing import Final, Literal

from services.common.access import new_token
from services.common.access.tokens import add_token
from services.common.database import open_pool
from tests.integration.importer.support import COURSE, ENDS_TODAY, Site

Person = Literal["nobody", "wrong", "outsider", "stranger", "narrowed", "manager", "owner", "reader", "staff"]
SIGNED_OUT: Final = ("nobody", "wrong")
ELSEWHERE: Final = ("outsider", "stranger", "narrowed")
"""Without a role, with one in another course only, and staff with a token for another course only."""
HERE: Final = ("manager", "owner", "staff")
_USERS: Final = {
    "outsider": ("ulla", False),
    "stranger": ("sven", False),
    "narrowed": ("staff", True),
    "manager": ("mari", False),
    "owner": ("oskar", False),
    "reader": ("mari", False),
    "staff": ("staff", True),
}


async def tokens_of(site: Site) -> Mapping[str, str]:
    """A token for each person who has one; `reader` is a manager's that may only read."""
    tokens = {person: new_token() for person in _USERS} | {"wrong": new_token()}
    pool = await open_pool(site.admin_dsn, name="tests", size=1)
    async with pool:
        for person, (user, staff) in _USERS.items():
            await add_token(pool, tokens[person], user_id=user, staff=staff, note=person)
        await pool.execute("UPDATE access.tokens SET may_write = false WHERE note = 'reader'")
        await pool.execute(
            "UPDATE access.tokens SET projects = $1 WHERE note = 'narrowed'", [ENDS_TODAY.project_id]
        )
    assert COURSE.managers == ("mari",)
    return tokens


def headers_of(tokens: Mapping[str, str], person: str) -> dict[str, str]:
    """What the person sends."""
    return {"Authorization": f"Token {tokens[person]}" if person in tokens else ""}
