"""Drafts over their time: abandoned readings are rejected, forgotten previews expire."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from services.common.database import OPERATIONAL_ERRORS
from services.importer.drafts.readings import INTERRUPTED
from services.importer.drafts.repository import Drafts
from services.importer.metrics import DRAFTS

logger = structlog.get_logger(__name__)

EVERY_S: Final = 5.0
_AT_ONCE: Final = 20


async def tidy(drafts: Drafts, now: datetime) -> tuple[int, int]:
    """One round; returns how many drafts were (rejected, expired)."""
    rejected = await drafts.reject_abandoned(INTERRUPTED, now)
    expired = await drafts.expire(now, _AT_ONCE)
    DRAFTS.labels("rejected").inc(rejected)
    DRAFTS.labels("expired").inc(expired)
    if rejected or expired:
        logger.info("drafts_tidied", rejected=rejected, expired=expired)
    return rejected, expired


async def keep_tidy(drafts: Drafts, clock: Callable[[], datetime]) -> None:
    """Rounds for ever; any number of copies may do it at once."""
    while True:
        try:
            await tidy(drafts, clock())
        except OPERATIONAL_ERRORS as error:
            logger.warning("tidying_postponed", error=type(error).__name__)
        await asyncio.sleep(EVERY_S)
