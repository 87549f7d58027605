"""Waiting, within two seconds, until what was written is on the log and an unchanged client would read it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from services.importer.publishing.publisher import Publisher
from services.importer.submission.read_model import ReadModel

WAIT_S: Final = 2.0
_LOOK_EVERY_S: Final = 0.1

Place = tuple[int, int]
"""Partition and offset of a record of the log."""


class Waiting:
    """Waits for the publisher first, then for the read model."""

    def __init__(
        self,
        publisher: Publisher,
        read_model: ReadModel,
        *,
        topic: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._publisher = publisher
        self._read_model = read_model
        self._topic = topic
        self._monotonic = monotonic

    async def seen(self, place_of: Callable[[], Awaitable[Place | None]]) -> bool:
        """Whether the read model has passed the record; `place_of` knows where it lies, once it is confirmed."""

        async def places() -> list[Place] | None:
            place = await place_of()
            return None if place is None else [place]

        return await self.all_seen(places)

    async def all_seen(self, places_of: Callable[[], Awaitable[Sequence[Place] | None]]) -> bool:
        """As `seen`, of several records in different partitions."""
        self._publisher.wake()
        deadline = self._monotonic() + WAIT_S
        while (places := await places_of()) is None:
            left = deadline - self._monotonic()
            if left <= 0:
                return False
            await self._publisher.moved(min(left, _LOOK_EVERY_S))
        left = max(0.0, deadline - self._monotonic())
        passed = await asyncio.gather(
            *[self._read_model.passed(self._topic, *place, left) for place in places]
        )
        return all(passed)
