"""Parked records as tests make them, and a client of their routes."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
from fastapi import APIRouter

from schemas.codec import Unreadable
from services.common.access import Authenticator
from services.common.access.tokens import add_token
from services.common.database import Pool, transaction
from services.common.http import create_app
from services.common.parked import Unread, park
from services.common.records import Record

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
STAFF, GUEST = "a-staff-members-token", "a-guests-token"


def record(offset: int, *, topic: str = "log", value: bytes | None = b"{}", **changes: Any) -> Record:
    """A record as it lies in the log."""
    headers = (("ce_type", b"org.course-accounts.not-invented.v9"), ("ce_id", f"event-{offset}".encode()))
    written = int(NOW.timestamp() * 1000)
    return Record(topic, 0, offset, written, b"key", headers, value)._replace(**changes)


async def put(
    pool: Pool, records: Sequence[Record], *, code: str = "UNKNOWN_TYPE", after_s: float = 0
) -> None:
    """Park records."""
    reason = Unreadable(code, "Nobody knows it.")
    async with transaction(pool) as connection:
        await park(connection, [Unread(one, reason) for one in records], now=NOW + timedelta(seconds=after_s))


@asynccontextmanager
async def client(router: APIRouter, pool: Pool, admin: Pool) -> AsyncIterator[httpx2.AsyncClient]:
    """A staff member's client of these routes."""
    await add_token(admin, STAFF, user_id="mari", staff=True)
    await add_token(admin, GUEST, user_id="guest", staff=False)
    app = create_app(
        "test",
        routers=[router],
        authenticator=Authenticator(pool),
        internal_token="internal-token-of-tests",
        alive={},
        ready={},
    )
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app),
        base_url="http://service",
        headers={"Authorization": f"Token {STAFF}"},
    ) as found:
        yield found
