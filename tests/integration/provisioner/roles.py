"""Everybody who might ask: strangers, people with a role here or elsewhere, staff; each with a token."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import httpx2

from services.common.access.tokens import token_hash
from services.provisioner.bootstrap import Provisioner

ROLES = (
    "nobody",
    "bad token",
    "outsider",
    "elsewhere",
    "narrowed staff",
    "manager",
    "owner",
    "reader",
    "staff",
)
"""In the order of the tables: `elsewhere` manages another project; the `reader` is a manager with a token that may only
read; the token of `narrowed staff` is for the other project only."""


class Everybody:
    """One client of one copy, used by all of them."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self._client = client

    async def ask(self, role: str, method: str, path: str, **more: Any) -> httpx2.Response:
        """Ask as somebody."""
        headers = {} if role == "nobody" else {"Authorization": f"Token {_token(role)}"}
        return await self._client.request(
            method, path, headers={**headers, **more.pop("headers", {})}, **more
        )


@asynccontextmanager
async def everybody(
    tables: asyncpg.Connection, provisioner: Provisioner, *, ours: list[UUID], elsewhere: UUID
) -> AsyncIterator[Everybody]:
    """`manager` and `owner` have their role in all of `ours`, `elsewhere` manages the one other project."""
    for role in ROLES[2:]:
        await tables.execute(
            "INSERT INTO access.tokens (token_hash, user_id, staff, may_write, projects) VALUES ($1, $2, $3, $4, $5)",
            token_hash(_token(role)),
            "manager" if role == "reader" else role,
            "staff" in role,
            role != "reader",
            [elsewhere] if role == "narrowed staff" else None,
        )
    roles = [("manager", ours, "manager"), ("owner", ours, "owner"), ("elsewhere", [elsewhere], "manager")]
    for person, projects, role in roles:
        await tables.executemany(
            "INSERT INTO access.project_roles (project_id, user_id, role) VALUES ($1, $2, $3)",
            [(project, person, role) for project in projects],
        )
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=provisioner.asgi), base_url="http://front.example", timeout=30
    ) as client:
        yield Everybody(client)


def _token(role: str) -> str:
    return f"the-token-of-{role.replace(' ', '-')}"
