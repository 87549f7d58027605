"""A person who gives commands over HTTP, and accounts that already stand somehow."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID

import asyncpg
import httpx2

from schemas.facts import AccountRequested
from schemas.topics import LOG_PARTITIONS
from services.common.access.tokens import token_hash
from services.common.database import transaction
from services.common.partitioner import partitions_for
from services.provisioner.account import Account, Change, Standing, Stored, order_of
from services.provisioner.bootstrap import Provisioner
from services.provisioner.store import accounts, imports

ACCOUNTS = "/api/marketplace-course-accounts"
_TOKEN = "a-managers-token"


@asynccontextmanager
async def person(tables: asyncpg.Connection, provisioner: Provisioner) -> AsyncIterator[httpx2.AsyncClient]:
    """A signed-in manager's client of one copy."""
    await tables.execute(
        "INSERT INTO access.tokens (token_hash, user_id, staff) VALUES ($1, 'mari', true) ON CONFLICT DO NOTHING",
        token_hash(_TOKEN),
    )
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=provisioner.asgi),
        base_url="http://front.example",
        headers={"Authorization": f"Token {_TOKEN}"},
        timeout=30,
    ) as client:
        yield client


async def remember(
    provisioner: Provisioner, requests: Sequence[AccountRequested], standings: Iterable[Standing]
) -> list[UUID]:
    """Store accounts as if they had come to stand so; their ids."""
    ids = [request.account_id for request in requests]
    partitions = partitions_for([str(i).encode() for i in ids], LOG_PARTITIONS)
    before = [Account(r.account_id, r.project.project_id, r.claim, order_of(r)) for r in requests]
    changes = [
        Change(account, replace(account, standing=standing, version=1))
        for account, standing in zip(before, standings, strict=True)
    ]
    async with transaction(provisioner.pool) as connection:
        await imports.add(connection, {r.claim.import_id: r.project.project_id for r in requests})
        await accounts.insert_new(connection, [Stored(a, p) for a, p in zip(before, partitions, strict=True)])
        await accounts.rewrite(connection, changes)
    return ids
