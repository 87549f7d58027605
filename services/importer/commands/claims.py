"""An import's claims, walked in batches: of every row that asked for an account, all revisions or the newest."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final, NamedTuple
from uuid import UUID

import asyncpg

from schemas.ids import request_id
from services.common.database import Pool
from services.importer.commands.provisioner import MAX_CLAIMS, Claim
from services.importer.commands.store import SQL

_SLICE: Final = 500


class Batch(NamedTuple):
    """Claims of whole rows. `last`: no claim follows."""

    claims: list[Claim]
    to_row: int
    last: bool


async def next_claims(
    pool: Pool,
    import_id: UUID,
    *,
    after: int,
    sent_to: int | None,
    newest: bool = False,
    limit: int = MAX_CLAIMS,
) -> Batch:
    """The claims after row `after`, of every revision; of requests, as far as they may have been sent."""
    rows = await pool.fetch(SQL["claims"], import_id, after, sent_to, limit)
    last = len(rows) < limit
    if not last:  # the last row may have more revisions than we see
        cut = rows[-1]["row"]
        rows = [row for row in rows if row["row"] < cut] or rows
    reached = rows[-1]["row"] if rows else after
    if newest:
        rows = list({row["row"]: row for row in rows}.values())
    claims: list[Claim] = []
    for start in range(0, len(rows), _SLICE):
        claims += [_claim(import_id, row) for row in rows[start : start + _SLICE]]
        await asyncio.sleep(0)
    return Batch(claims, reached, last)


async def newest_claims(pool: Pool, import_id: UUID, *, sent_to: int | None) -> AsyncIterator[Batch]:
    """The claim of every row as it stands, batch by batch."""
    after = 0
    while True:
        batch = await next_claims(pool, import_id, after=after, sent_to=sent_to, newest=True)
        if batch.claims:
            yield batch
        if batch.last:
            return
        after = batch.to_row


def _claim(import_id: UUID, row: asyncpg.Record) -> Claim:
    return row["account_id"], request_id(import_id, row["row"], row["revision"])
