"""Drafts over their time: abandoned readings are taken over, forgotten previews expire."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from services.common.database import MISTAKES, OPERATIONAL_ERRORS
from services.importer.drafts.readings import Readings
from services.importer.drafts.repository import Drafts
from services.importer.metrics import DRAFTS

logger = structlog.get_logger(__name__)

EVERY_S: Final = 5.0
_AT_ONCE: Final = 20


async def tidy(drafts: Drafts, readings: Readings, now: datetime) -> tuple[int, int]:
    """One round; returns how many drafts were (taken over, expired)."""
    taken = await readings.take_over()
    expired = await drafts.expire(now, _AT_ONCE)
    DRAFTS.labels("expired").inc(expired)
    if expired:
        logger.info("drafts_expired", expired=expired)
    return taken, expired


async def keep_tidy(drafts: Drafts, readings: Readings, clock: Callable[[], datetime]) -> None:
    """Rounds for ever; any number of copies may do it at once."""
    while True:
        try:
            await tidy(drafts, readings, clock())
        except MISTAKES:
            raise
        except OPERATIONAL_ERRORS as error:
            logger.warning("tidying_postponed", error=type(error).__name__)
        await asyncio.sleep(EVERY_S)
