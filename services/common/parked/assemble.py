"""Parked records put together: the routes, who works on jobs, who counts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter

from services.common.loops import forever
from services.common.parked.api import parked_router
from services.common.parked.asking import Enquiries
from services.common.parked.doors import Door
from services.common.parked.metrics import EVERY_S, Counting
from services.common.parked.running import Runner
from services.common.parked.tables import Tables
from services.common.process import BackgroundTasks


@dataclass(frozen=True, slots=True)
class ParkedRecords:
    """All there is about the parked records of one service."""

    router: APIRouter
    runner: Runner
    counting: Counting

    def spawn(self, tasks: BackgroundTasks) -> None:
        """Begin to work on jobs, and to count."""
        tasks.spawn("parked_jobs", self.runner.run())
        tasks.spawn("count_parked", forever("count_parked", self.counting.measure, every_s=EVERY_S))


def parked_records(
    service: str,
    tables: Tables,
    door: Door,
    *,
    now: Callable[[], datetime],
    redriven: Callable[[], None] = lambda: None,
) -> ParkedRecords:
    """Wire it.

    Args:
        service: its name in paths and metrics.
        tables: where records and jobs are.
        door: how the service takes a record.
        now: the time.
        redriven: told after a record went through the door.
    """
    runner = Runner(tables, door, now=now, redriven=redriven)
    router = parked_router(Enquiries(service, tables, runner.wake, now))
    return ParkedRecords(router, runner, Counting(tables, service))
