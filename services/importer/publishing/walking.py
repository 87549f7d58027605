"""Walking an import's staged rows: one step is confirmed while the next is read and encoded.

Before a step's first record is sent its end is written down, on condition that nobody has stopped the import. So
what was ever sent ends at `sending_to`, exactly, whatever crashes and however late a paused publisher wakes.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from itertools import count
from typing import Final, NamedTuple

import orjson

from services.common.database import Connection
from services.common.records import Confirmed, Message
from services.common.sql import load_queries
from services.importer.publishing.nearness import Near, anywhere
from services.importer.publishing.pending import Pending

_SQL = load_queries("services.importer.publishing")

_SLICE: Final = 200
"""Rows encoded before the loop is given back: 2 to 3 ms."""
_MOST: Final = 1_000_000
"""No step is longer, whatever it was when it began."""
MOST_STEPS: Final = 25
"""A turn ends long before the watchdog thinks that it is stuck, however slow each step is."""

Publish = Callable[[str, Sequence[Message]], Awaitable[list[Confirmed]]]


class Step(NamedTuple):
    """Requests ready to be sent. `complete`: no row follows."""

    messages: list[Message]
    last_row: int
    complete: bool


class Walk:
    """Goes on from the stored cursor for a few steps."""

    def __init__(
        self,
        connection: Connection,
        publish: Publish,
        pending: Pending,
        *,
        clock: Callable[[], datetime],
        rows_a_step: int,
        near: Near = anywhere,
    ) -> None:
        self._near = near
        self._connection = connection
        self._publish = publish
        self._pending = pending
        self._clock = clock
        self._rows_a_step = rows_a_step
        self._confirmed = pending.requested_to
        self._sending = pending.sending_to
        self._last: Confirmed | None = None
        self._places: dict[int, int] | None = {} if pending.accepted.source == "api" else None
        """Where the last request lies in each partition; whoever asked for accounts directly waits for them."""

    async def go(self, steps: int, *, most: int = MOST_STEPS) -> None:
        """Send so many steps, and up to `most` while no other import waits; fewer when the rows end or it is stopped.

        Raises:
            ProducerFailed: fatal; the step in hand is sent again by whoever goes on.
        """
        step = await self._next(self._confirmed)
        before: Confirmed | None = None
        for sent in count(1):
            if step.messages and not await self._begin(step):
                return
            last = sent == most or (sent >= steps and await self._somebody_waits())
            step = await self._send(step, look_ahead=not last)
            if last or (not step.messages and step.complete):
                break
            if before is not None:
                await self._near(before)
            before = self._last
        await self._store(step)

    async def finish_step(self, until: int) -> None:
        """Send once more what may have been sent and was never confirmed: rows up to `until`."""
        if until > self._confirmed:
            messages, self._confirmed, _ = await self._read(self._confirmed, until)
            await self._publish("requested", messages)

    async def _somebody_waits(self) -> bool:
        return bool(await self._connection.fetchval(_SQL["somebody_waits"], self._pending.import_id))

    async def _begin(self, step: Step) -> bool:
        begun = await self._connection.fetchval(
            _SQL["begin_step"],
            self._pending.import_id,
            self._sending,
            self._confirmed,
            step.last_row,
            self._clock(),
        )
        if begun is None:
            await self._store(Step([], self._confirmed, complete=False))
            return False
        self._sending = step.last_row
        return True

    async def _send(self, step: Step, *, look_ahead: bool) -> Step:
        """Send a step, and meanwhile get the next one ready."""
        if step.complete or not look_ahead:
            await self._publish_step(step)
            following = Step([], step.last_row, step.complete)
        else:
            sending = asyncio.ensure_future(self._publish_step(step))
            try:
                following = await self._next(step.last_row)
            except BaseException:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)
                raise
            await sending
        self._confirmed = step.last_row
        return following

    async def _publish_step(self, step: Step) -> None:
        confirmed = await self._publish("requested", step.messages)
        if confirmed:
            self._last = confirmed[-1]
        if self._places is not None:
            self._places.update(confirmed)  # in the order of each partition: the last one stays

    async def _next(self, after: int) -> Step:
        if after < self._sending:  # a step that was begun and never confirmed: the same rows again
            return await self._read(after, self._sending)
        return await self._read(after, None)

    async def _read(self, after: int, until: int | None) -> Step:
        limit = self._rows_a_step if until is None else _MOST
        rows = await self._connection.fetch(
            _SQL["requested_rows"], self._pending.import_id, after, limit, until
        )
        messages: list[Message] = []
        for start in range(0, len(rows), _SLICE):
            messages += self._pending.requests(rows[start : start + _SLICE])
            await asyncio.sleep(0)
        if until is not None:
            return Step(messages, until, complete=False)
        return Step(messages, rows[-1][0] if rows else after, len(rows) < limit)

    async def _store(self, step: Step) -> None:
        await self._connection.execute(
            _SQL["requested"],
            self._pending.import_id,
            self._confirmed,
            step.complete and self._confirmed == step.last_row,
            self._clock(),
            orjson.dumps({str(place): offset for place, offset in (self._places or {}).items()}).decode(),
        )
