"""Reading the requests topic, put together."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.common.consumer import LogConsumer
from services.common.database import Pool
from services.common.parked.doors import Door
from services.importer.projects.store import Projects
from services.importer.publishing.publisher import Publisher
from services.importer.publishing.turns import Producer
from services.importer.requests.handler import MAX_RECORDS, RequestsHandler
from services.importer.requests.letters import Letters
from services.importer.requests.redriving import requests_door
from services.importer.settings import SERVICE, ImporterSettings

_KNOWN_WITHIN_S: Final = 10.0
_LOOK_EVERY_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class Intake:
    """The consumer, to be started and stopped, the task that answers, and the door for what was parked."""

    consumer: LogConsumer
    letters: Letters
    door: Door


def intake_of(
    settings: ImporterSettings,
    pool: Pool,
    producer: Producer,
    projects: Projects,
    publisher: Publisher,
    *,
    clock: Callable[[], datetime],
    local_now: Callable[[], datetime],
    projects_known: Callable[[], Awaitable[None]],
    on_fatal: Callable[[BaseException], None],
) -> Intake:
    """Wire it. `projects_known` raises while the projects are not read."""
    letters = Letters(pool, producer, topic=settings.dead_letters_topic)

    def stored() -> None:
        letters.wake()
        publisher.wake()

    async def known_soon() -> None:
        """Raises TimeoutError: the records come again."""
        async with asyncio.timeout(_KNOWN_WITHIN_S):
            while True:
                try:
                    return await projects_known()
                except Exception:  # noqa: BLE001 - whatever it is, we look again
                    await asyncio.sleep(_LOOK_EVERY_S)

    handler = RequestsHandler(
        pool,
        projects,
        allowed=settings.request_sources,
        policy=settings.policy,
        max_rows=settings.max_rows,
        clock=clock,
        local_now=local_now,
        projects_known=known_soon,
        stored=stored,
    )
    consumer = LogConsumer(
        bootstrap=settings.kafka,
        topics=[settings.requests_topic],
        group=f"{settings.group or SERVICE}.requests",
        handler=handler,
        on_fatal=on_fatal,
        sparse_topics=[settings.requests_topic],
        max_records=MAX_RECORDS,
    )
    return Intake(consumer, letters, requests_door(handler, known_soon))
