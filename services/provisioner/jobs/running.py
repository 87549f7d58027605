"""Deciding jobs: parts of the partitions that are ours and live, each in one transaction with what follows."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from services.common.database import Connection, Pool, transaction
from services.common.loops import woken
from services.provisioner import metrics
from services.provisioner.account import Pending, Stored, told
from services.provisioner.account.commands import Conflict
from services.provisioner.courses.courses import Courses
from services.provisioner.jobs import store
from services.provisioner.jobs.deciding import Circumstances, decide
from services.provisioner.jobs.ends import Ends
from services.provisioner.jobs.order import Job, Mark, Part, Tally
from services.provisioner.store import accounts, work
from services.provisioner.work.deciding import Decisions, Scribe, slices
from services.provisioner.work.desk import Desk
from services.provisioner.work.stops import Stops

logger = structlog.get_logger(__name__)

_LOOK_EVERY_S = 0.25
_SLICE = 25
KEEP = timedelta(days=30)


class Runner:
    """Decides parts of jobs, one job after the other."""

    def __init__(
        self,
        *,
        pool: Pool,
        desk: Desk,
        scribe: Scribe,
        stops: Stops,
        courses: Courses,
        ends: Ends,
        now: Callable[[], datetime],
    ) -> None:
        """Prepare the runner; `ends` is told of jobs that came to their end here."""
        self._pool = pool
        self._desk = desk
        self._scribe = scribe
        self._stops = stops
        self._courses = courses
        self._ends = ends
        self._now = now
        self._wake = asyncio.Event()
        self._turn = UUID(int=0)

    def wake(self) -> None:
        """Say that there is a job."""
        self._wake.set()

    async def step(self) -> None:
        """Wait until told, or a moment, then decide all there is."""
        await woken(self._wake, within_s=_LOOK_EVERY_S)
        while (live := self._desk.live) and await self._part(live):
            pass

    async def forget_old(self) -> None:
        """Delete what ended long ago."""
        async with transaction(self._pool) as connection:
            await store.forget(connection, ended_before=self._now() - KEEP)

    async def _part(self, live: frozenset[int]) -> bool:
        """One part, in one transaction; whether there was any."""
        now = self._now()
        async with transaction(self._pool) as connection:
            part = await store.take(connection, live, after=self._turn)
            if part is None:
                return False
            job = await store.find(connection, part.job_id)
            assert job is not None  # noqa: S101 - its parts are deleted with it
            decisions = Decisions()
            tally = await self._decide(connection, job, part, decisions, now)
            await self._scribe.write(connection, decisions, now=now)
            over = await store.add_up(connection, part, tally, now=now)
        self._turn = part.job_id
        self._scribe.tell(decisions)
        if over:
            self._ends.came(part.job_id)
        _measure(job, tally)
        logger.info(
            "job_part_decided",
            job=str(job.job_id),
            action=job.action,
            changed=tally.changed,
            unchanged=tally.unchanged,
            refused=len(tally.refused),
        )
        return True

    async def _decide(
        self, connection: Connection, job: Job, part: Part, decisions: Decisions, now: datetime
    ) -> Tally:
        known = await accounts.load(connection, part.account_ids)
        unheld = await self._unheld(connection, job, known)
        unchanged, refused = 0, list[tuple[UUID, str]]()
        for ids in slices(part.account_ids, _SLICE):
            for account_id in ids:
                stored = known.get(account_id)
                here = self._circumstances(stored, now, untouched=account_id in unheld)
                found = decide(job, stored.account if stored else None, here)
                if isinstance(found, Conflict):
                    refused.append((account_id, found.code))
                elif not found or stored is None:
                    unchanged += 1
                else:
                    facts, after = told(stored.account, found)
                    decisions.add(stored, facts, after)
                    if after.needs_call or after.needs_answer:
                        fresh = isinstance(after.standing, Pending) and not after.in_doubt
                        decisions.queue(stored, after, fresh=fresh and not self._desk.holds(account_id))
            await asyncio.sleep(0)
        last = decisions.changes[-1].after if decisions.changes else None
        mark = None if last is None else Mark(last.account_id, last.version)
        return Tally(len(decisions.changes), unchanged, refused, mark)

    async def _unheld(self, connection: Connection, job: Job, known: dict[UUID, Stored]) -> set[UUID]:
        """Accounts for which certainly nobody has called: only what is closed while it is being made asks."""
        pending = [i for i, stored in known.items() if isinstance(stored.account.standing, Pending)]
        if job.action != "close" or not pending:
            return set()
        return {i for i in await work.unheld(connection, pending) if not self._desk.holds(i)}

    def _circumstances(self, stored: Stored | None, now: datetime, *, untouched: bool) -> Circumstances:
        over = stored is not None and self._courses.over(
            stored.account.project_id, stored.account.order.course_ends
        )
        return Circumstances(now=now, course_over=over, stopped=self._stops, untouched=untouched)


def _measure(job: Job, tally: Tally) -> None:
    counts = {"changed": tally.changed, "unchanged": tally.unchanged, "refused": len(tally.refused)}
    for came_to, count in counts.items():
        metrics.JOB_ACCOUNTS.labels(job.action, came_to).inc(count)
