"""One turn of the publisher: take an import in hand, publish its next records, move its cursors.

An import in hand is locked in Postgres for as long as its publisher's connection lives, so copies never publish the
same one at once; rows of tables are locked for moments only. A crash anywhere leaves the cursors where they were:
the same records are published again, with the same ids and bytes. That no harm is done when a lock is lost follows
from the cursors alone: they move by compare-and-set.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from services.common.database import ACQUIRE_TIMEOUT_S, Connection, Pool
from services.common.records import Confirmed, Message
from services.common.sql import load_queries
from services.importer.domain.skipping import cut
from services.importer.metrics import RECORDS_PUBLISHED
from services.importer.publishing.nearness import Near, anywhere
from services.importer.publishing.pending import Pending, Wish, pending_from, skipped_row
from services.importer.publishing.walking import MOST_STEPS, Walk

_SQL = load_queries("services.importer.publishing")

ROWS_A_STEP: Final = 8_000
STEPS_A_TURN: Final = 3
"""While another import waits; alone, an import is published without a pause."""
NEWCOMERS_ROWS: Final = 1_000
"""The first rows of an import, published while another one is in hand: all of an ordinary course."""
_SKIPPED_A_TURN: Final = 2_000
_CORRECTIONS_A_TURN: Final = 500


class Producer(Protocol):
    """The part of `services.common.producer.LogProducer` that is used."""

    async def publish(
        self, topic: str, messages: Sequence[Message], *, small: bool = False
    ) -> list[Confirmed]:
        """Write messages, perhaps all known to be small; return where they lie once all are confirmed."""
        ...


class Turns:
    """Takes turns, one at a time; several may exist, in one process or many.

    Those for `newcomers` serve only what was never served, one step of it, and what people ask of an import: beside
    the others they see to it that a small import waits for no step of a large one.
    """

    def __init__(
        self,
        pool: Pool,
        producer: Producer,
        *,
        topic: str,
        clock: Callable[[], datetime],
        rows_a_step: int = ROWS_A_STEP,
        steps_a_turn: int = STEPS_A_TURN,
        newcomers: bool = False,
        near: Near = anywhere,
    ) -> None:
        self._near = near
        self._pool = pool
        self._producer = producer
        self._topic = topic
        self._clock = clock
        self._rows_a_step = rows_a_step
        self._steps_a_turn = steps_a_turn
        self._newcomers = newcomers

    async def take(self) -> UUID | None:
        """Publish a little of one import and return its id; None if there is nothing to do.

        Raises:
            ProducerFailed: fatal; nothing was moved.
        """
        async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
            import_id: UUID | None = await connection.fetchval(_SQL["next_turn"], self._newcomers)
            if import_id is None:
                return None
            # The pool gives the lock back with the connection.
            more = True
            while more and (row := await connection.fetchrow(_SQL["pending"], import_id)) is not None:
                more = await self._serve(connection, pending_from(row))
            return import_id

    async def unfinished(self) -> int:
        """How many imports have rows to publish."""
        return int(await self._pool.fetchval(_SQL["unfinished"]))

    async def _serve(self, connection: Connection, pending: Pending) -> bool:
        """Publish what comes next; whether more may follow in this turn, so that a small import is done in one."""
        if not pending.is_accepted:
            await self._accept(connection, pending)
            return True
        if pending.cancel is not None and not pending.cancel.published:
            await self._cancel(connection, pending, pending.cancel)
        elif pending.undo is not None and not pending.undo.published:
            await self._undo(connection, pending, pending.undo)
        elif pending.corrected:
            await self._correct(connection, pending)
        elif not pending.skipped_done:
            return await self._skip(connection, pending)
        elif not pending.published:
            most = 1 if self._newcomers else MOST_STEPS
            await self._walk(connection, pending).go(self._steps_a_turn, most=most)
        return False

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

    async def _skip(self, connection: Connection, pending: Pending) -> bool:
        rows = await connection.fetch(
            _SQL["skipped_rows"], pending.import_id, pending.skipped_to, _SKIPPED_A_TURN
        )
        complete = len(rows) < _SKIPPED_A_TURN
        groups = await asyncio.to_thread(lambda: cut([skipped_row(row) for row in rows], complete=complete))
        await self._publish("skipped", pending.skipped(groups))
        reached = groups[-1][-1].row if groups else pending.skipped_to
        await connection.execute(_SQL["skipped"], pending.import_id, reached, complete, self._clock())
        return complete

    async def _cancel(self, connection: Connection, pending: Pending, wish: Wish) -> None:
        """No step begins from here on. One that did is sent to its end, so that what is said of it is true."""
        stopped = await connection.fetchrow(_SQL["stop_sending"], pending.import_id)
        assert stopped is not None  # noqa: S101 - imports are never deleted
        last_row: int = stopped["cancelled_to"]
        await self._walk(connection, pending).finish_step(last_row)
        await connection.execute(_SQL["requested"], pending.import_id, last_row, False, self._clock(), "{}")
        [confirmed] = await self._publish("cancelled", [pending.cancellation(wish, last_row)])
        await connection.execute(_SQL["cancelled"], pending.import_id, *confirmed, self._clock())

    async def _undo(self, connection: Connection, pending: Pending, wish: Wish) -> None:
        [confirmed] = await self._publish("undo_started", [pending.undo_start(wish)])
        await connection.execute(_SQL["undo_started"], pending.import_id, *confirmed, self._clock())

    async def _correct(self, connection: Connection, pending: Pending) -> None:
        rows = await connection.fetch(_SQL["corrections"], pending.import_id, _CORRECTIONS_A_TURN)
        confirmed = await self._publish("corrected", pending.corrections(rows))
        await connection.execute(
            _SQL["corrected"],
            pending.import_id,
            [row["row"] for row in rows],
            [row["revision"] for row in rows],
            [place.partition for place in confirmed],
            [place.offset for place in confirmed],
            self._clock(),
        )

    def _walk(self, connection: Connection, pending: Pending) -> Walk:
        return Walk(
            connection,
            self._publish,
            pending,
            clock=self._clock,
            rows_a_step=self._rows_a_step,
            near=self._near,
        )

    async def _publish(self, kind: str, messages: Sequence[Message]) -> list[Confirmed]:
        # A request is bounded by what a row may hold: an address and 2,000 characters.
        confirmed = await self._producer.publish(self._topic, messages, small=kind == "requested")
        RECORDS_PUBLISHED.labels(kind).inc(len(messages))
        return confirmed
