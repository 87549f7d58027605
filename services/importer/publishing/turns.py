"""One turn of the publisher: lock an import, publish its next records, move its cursor, commit.

The lock is held while the records are confirmed, so copies never publish the same import at once. A crash
anywhere leaves the cursor where it was: the same records are published again, with the same ids and bytes.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from services.common.database import Connection, Pool, transaction
from services.common.records import Confirmed, Message
from services.common.sql import load_queries
from services.importer.domain.skipping import cut
from services.importer.metrics import RECORDS_PUBLISHED
from services.importer.publishing.pending import Pending, skipped_row

_SQL = load_queries("services.importer.publishing")

REQUESTS_A_TURN: Final = 4_000
SKIPPED_A_TURN: Final = 2_000
_SLICE: Final = 100
"""Rows encoded before the loop is given back: a few milliseconds."""


class Producer(Protocol):
    """The part of `services.common.producer.LogProducer` that is used."""

    async def publish(self, topic: str, messages: Sequence[Message]) -> list[Confirmed]:
        """Write messages; return where they lie once all are confirmed."""
        ...


class Turns:
    """Takes turns, one at a time; several may exist, in one process or many."""

    def __init__(
        self,
        pool: Pool,
        producer: Producer,
        *,
        topic: str,
        clock: Callable[[], datetime],
        requests_a_turn: int = REQUESTS_A_TURN,
    ) -> None:
        self._pool = pool
        self._producer = producer
        self._topic = topic
        self._clock = clock
        self._requests_a_turn = requests_a_turn

    async def take(self) -> UUID | None:
        """Publish a little of one import and return its id; None if there is nothing to do.

        Raises:
            ProducerFailed: fatal; nothing was moved.
        """
        async with transaction(self._pool) as connection:
            row = await connection.fetchrow(_SQL["next_turn"])
            if row is None:
                return None
            pending = Pending.from_row(row)
            if not pending.is_accepted:
                await self._accept(connection, pending)
            elif not pending.skipped_done:
                await self._skip(connection, pending)
            else:
                await self._request(connection, pending)
        return pending.import_id

    async def unfinished(self) -> int:
        """How many imports have rows to publish."""
        return int(await self._pool.fetchval(_SQL["unfinished"]))

    async def _accept(self, connection: Connection, pending: Pending) -> None:
        [confirmed] = await self._publish("accepted", [pending.acceptance()])
        await connection.execute(
            _SQL["accepted"],
            pending.import_id,
            confirmed.partition,
            confirmed.offset,
            pending.accepted.rows == pending.accepted.requested,
            self._clock(),
        )

    async def _skip(self, connection: Connection, pending: Pending) -> None:
        rows = await connection.fetch(
            _SQL["skipped_rows"], pending.import_id, pending.skipped_to, SKIPPED_A_TURN
        )
        complete = len(rows) < SKIPPED_A_TURN
        groups = await asyncio.to_thread(lambda: cut([skipped_row(row) for row in rows], complete=complete))
        await self._publish("skipped", pending.skipped(groups))
        reached = groups[-1][-1].row if groups else pending.skipped_to
        await connection.execute(_SQL["skipped"], pending.import_id, reached, complete, self._clock())

    async def _request(self, connection: Connection, pending: Pending) -> None:
        limit = self._requests_a_turn
        rows = await connection.fetch(_SQL["requested_rows"], pending.import_id, pending.requested_to, limit)
        messages: list[Message] = []
        for start in range(0, len(rows), _SLICE):
            messages += pending.requests(rows[start : start + _SLICE])
            await asyncio.sleep(0)
        await self._publish("requested", messages)
        reached = rows[-1]["row"] if rows else pending.requested_to
        complete = len(rows) < limit
        await connection.execute(_SQL["requested"], pending.import_id, reached, complete, self._clock())

    async def _publish(self, kind: str, messages: Sequence[Message]) -> list[Confirmed]:
        confirmed = await self._producer.publish(self._topic, messages)
        RECORDS_PUBLISHED.labels(kind).inc(len(messages))
        return confirmed
