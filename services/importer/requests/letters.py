"""Answers to senders whose request could not be taken: stored with the position, sent until confirmed."""

import asyncio
import base64
from collections.abc import Sequence
from typing import Final

import orjson
import structlog

from schemas.dead_letters import MAX_VALUE_BYTES, dead_letter_headers
from services.common.database import Connection, Pool, transaction
from services.common.loops import while_woken
from services.common.parked import Unread
from services.common.records import Message
from services.importer.publishing.turns import Producer
from services.importer.requests.store import SQL

logger = structlog.get_logger(__name__)

EVERY_S: Final = 2.0
_AT_ONCE: Final = 20


async def write_letters(connection: Connection, refused: Sequence[Unread]) -> None:
    """Store the answers to refused requests."""
    if not refused:
        return
    records = [record for record, _ in refused]
    values = [record.value or b"" for record in records]
    left_out = [len(value) > MAX_VALUE_BYTES for value in values]
    await connection.execute(
        SQL["add_letters"],
        [record.topic for record in records],
        [record.partition for record in records],
        [record.offset for record in records],
        [(record.key or b"")[:MAX_VALUE_BYTES] for record in records],
        [_headers(unread, left_out=out) for unread, out in zip(refused, left_out, strict=True)],
        [b"" if out else value for value, out in zip(values, left_out, strict=True)],
    )


class Letters:
    """Sends what is stored. Any number of copies may run."""

    def __init__(self, pool: Pool, producer: Producer, *, topic: str) -> None:
        self._pool = pool
        self._producer = producer
        self._topic = topic
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """There may be something to send."""
        self._wake.set()

    async def run(self) -> None:
        """Send for ever.

        Raises:
            ProducerFailed: the process must end; a new one sends what is left.
        """
        await while_woken("letters", self.step, self._wake, look_every_s=EVERY_S)

    async def step(self) -> bool:
        """Send the next few; whether there were any. One that was sent before a crash is sent again."""
        async with transaction(self._pool) as connection:
            rows = await connection.fetch(SQL["letters"], _AT_ONCE)
            if not rows:
                return False
            await self._producer.publish(
                self._topic,
                [
                    Message(
                        row["key"],
                        row["value"],
                        [(name, base64.b64decode(text)) for name, text in orjson.loads(row["headers"])],
                    )
                    for row in rows
                ],
            )
            await connection.execute(
                SQL["sent"],
                [row["topic"] for row in rows],
                [row["partition"] for row in rows],
                [row["record_offset"] for row in rows],
            )
        return True


def _headers(unread: Unread, *, left_out: bool) -> str:
    record, reason = unread
    headers = dead_letter_headers(
        record.headers,
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        timestamp_ms=record.timestamp_ms,
        code=reason.code,
        message=str(reason),
        left_out=left_out,
    )
    return orjson.dumps([[name, base64.b64encode(text).decode()] for name, text in headers]).decode()
