"""Publishing does not run far ahead of who reads: whoever submits next finds a short queue on the log."""

from collections.abc import Awaitable, Callable
from typing import Final

from services.common.records import Confirmed
from services.importer.submission.read_model import ReadModel

LONGEST_S: Final = 0.5
"""A read model that is slow or away holds nothing up for longer, at each step."""

Near = Callable[[Confirmed], Awaitable[None]]
"""Returns when the read model has passed a record, or after a moment."""


def near(read_model: ReadModel, topic: str) -> Near:
    """Wait for this read model."""

    async def passed(place: Confirmed) -> None:
        await read_model.passed(topic, place.partition, place.offset, LONGEST_S)

    return passed


async def anywhere(_: Confirmed) -> None:
    """Wait for nobody."""
