"""Asking for jobs, and waiting until they are done and everybody sees it."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.common.database import ACQUIRE_TIMEOUT_S, Pool, transaction
from services.common.read_model import Seen
from services.provisioner.account import Stored
from services.provisioner.jobs import store
from services.provisioner.jobs.ends import Ends
from services.provisioner.jobs.order import Job, JobOrder
from services.provisioner.store import accounts, imports

DECIDED_WITHIN_S = 5.0
SEEN_WITHIN_S = 2.0
_KNOWN_WITHIN_S = 1.0
_LOOK_EVERY_S = 0.1

Visible = Callable[[UUID], bool]
"""Whether who asks may know of a project."""


class ReadModel(Protocol):
    """What is wanted of the projector. Never raises: no answer is an answer."""

    async def account(self, account_id: UUID, version: int, within_s: float) -> Seen:
        """One account as it is listed, as soon as its fact number `version` was folded."""
        ...


class NoReadModel:
    """Where nobody is to be asked."""

    async def account(self, account_id: UUID, version: int, within_s: float) -> Seen:  # noqa: ARG002
        """Nothing is known."""
        return Seen(None, current=False)


class NobodyDecides(Exception):
    """No copy owns the account's partition at this moment; nothing was changed, and nothing will be."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a command about one account: done, or not, with the code why; and how the account is listed."""

    stored: Stored
    refused: str | None
    seen: Seen


class Jobs:
    """Takes orders."""

    def __init__(
        self,
        *,
        pool: Pool,
        wake: Callable[[], None],
        ends: Ends,
        read_model: ReadModel,
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare; `wake` is called when there is a job, `monotonic` gives seconds."""
        self._pool = pool
        self._wake = wake
        self._ends = ends
        self._read_model = read_model
        self._now = now
        self._monotonic = monotonic

    async def one(self, account_id: UUID, order: JobOrder, visible: Visible) -> Answered | None:
        """Do something with one account and wait for it; None if there is none, or none in a visible project.

        Raises:
            NobodyDecides: not within five seconds.
        """
        if not await self._there([account_id], visible):
            return None
        job_id = await self._create(order)
        job = await self._ended(job_id, DECIDED_WITHIN_S)
        if not job.over:
            async with transaction(self._pool) as connection:
                withdrawn = await store.withdraw(connection, job_id)
            if withdrawn:
                raise NobodyDecides
            job = await self._ended(job_id, _LOOK_EVERY_S)  # it was decided just now
        if job.dropped:
            raise NobodyDecides  # somebody cancelled it
        async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
            refused = await store.refusals(connection, job_id, after=None, limit=1)
            stored = (await accounts.read(connection, [account_id]))[account_id]
        if refused:
            return Answered(stored, refused[0].code, Seen(None, current=False))
        seen = await self._read_model.account(account_id, stored.account.version, SEEN_WITHIN_S)
        return Answered(stored, None, seen)

    async def many(self, order: JobOrder) -> tuple[Job, bool]:
        """Ask for a job; the job as it is within two seconds, and whether all see what it has done if it is over."""
        deadline = self._monotonic() + SEEN_WITHIN_S
        job = await self._ended(await self._create(order), SEEN_WITHIN_S)
        return job, await self.seen(job, deadline - self._monotonic())

    async def seen(self, job: Job, within_s: float = SEEN_WITHIN_S) -> bool:
        """Whether the lists show all that a job has done, once it is over; waits for it."""
        if not job.over:
            return True
        left = max(0.0, within_s)
        found = await asyncio.gather(*(self._read_model.account(*mark, left) for mark in job.marks))
        return all(seen.current for seen in found)

    async def count(self, order: JobOrder) -> store.Counted:
        """What it would be about."""
        async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
            return await store.count(connection, order)

    async def find(self, job_id: UUID) -> Job | None:
        """A job, if there is one."""
        async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
            return await store.find(connection, job_id)

    async def page(
        self, before: tuple[datetime, UUID] | None, *, limit: int, projects: list[UUID] | None
    ) -> list[Job]:
        """Jobs, the newest first; with `projects` only those that are about no other."""
        async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
            return await store.page(connection, before=before, limit=limit, projects=projects)

    async def refusals(self, job_id: UUID, *, after: UUID | None, limit: int) -> list[store.Refusal]:
        """What could not be done."""
        async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
            return await store.refusals(connection, job_id, after=after, limit=limit)

    async def all_there(self, order: JobOrder, visible: Visible) -> bool:
        """Whether all that an order names is known, as far as the log was read, and in visible projects."""
        if order.account_ids is not None:
            return await self._there(order.account_ids, visible)
        project_id = order.project_id
        if order.import_id is not None:
            async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
                project_id = await imports.project_of(connection, order.import_id)
        return project_id is not None and visible(project_id)

    async def cancel(self, job_id: UUID) -> Job | None:
        """Drop what has not begun; None if nothing was left to drop."""
        async with transaction(self._pool) as connection:
            return await store.cancel(connection, job_id, now=self._now())

    def now(self) -> datetime:
        """The time."""
        return self._now()

    async def _create(self, order: JobOrder) -> UUID:
        async with transaction(self._pool) as connection:
            job_id = await store.create(connection, order, now=self._now())
        self._wake()
        return job_id

    async def _there(self, account_ids: Sequence[UUID], visible: Visible) -> bool:
        """Whether these accounts are known and visible; those only just asked for take a moment to be read.

        What is not visible is waited for, too: ids follow from addresses, and nobody shall find out by the time
        an answer takes who has an account in another course.
        """
        deadline = self._monotonic() + _KNOWN_WITHIN_S
        wanted = set(account_ids)
        while True:
            async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
                found = await accounts.projects_of(connection, wanted)
            if sum(map(visible, found.values())) == len(wanted):
                return True
            if self._monotonic() >= deadline:
                return False
            await asyncio.sleep(_LOOK_EVERY_S)

    async def _ended(self, job_id: UUID, within_s: float) -> Job:
        """The job at its end, or as it is after a while."""
        deadline = self._monotonic() + within_s
        while True:
            job = await self.find(job_id)
            assert job is not None  # noqa: S101 - jobs stay for thirty days
            left = deadline - self._monotonic()
            if job.over or left <= 0:
                return job
            await self._ends.wait(job_id, min(left, _LOOK_EVERY_S))
