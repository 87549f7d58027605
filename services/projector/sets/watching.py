"""Noticing that other sets are to be fed, also while the log is quiet."""

import asyncio
from typing import Protocol

import structlog

from services.common.database import MISTAKES, OPERATIONAL_ERRORS, Pool
from services.projector.sets.catalog import fed_slots

_LOOK_EVERY_S = 0.5

_log = structlog.get_logger(__name__)


class Fed(Protocol):
    """The part of the handler that is needed here."""

    @property
    def slots(self) -> tuple[str, ...]:
        """The sets it feeds."""
        ...


class Reader(Protocol):
    """The part of the consumer that is needed here."""

    @property
    def ready(self) -> bool:
        """Whether it reads."""
        ...

    def read_positions_again(self, why: str) -> None:
        """Go on from where the sets are."""
        ...


async def watch_feeds(pool: Pool, handler: Fed, consumer: Reader) -> None:
    """Look for ever; a database that is away is waited for."""
    while True:
        await asyncio.sleep(_LOOK_EVERY_S)
        try:
            differ = await fed_slots(pool) != handler.slots
        except MISTAKES:
            raise
        except OPERATIONAL_ERRORS as error:
            _log.warning("feeds_not_seen", error=type(error).__name__)
            continue
        if differ and consumer.ready:
            consumer.read_positions_again("other sets of read models are to be fed")
