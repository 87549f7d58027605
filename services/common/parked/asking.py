"""What people may ask of parked records: one object for the routes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.common.parked import jobs
from services.common.parked.orders import ParkedJob, ParkedOrder
from services.common.parked.tables import Tables


@dataclass(frozen=True, slots=True)
class Enquiries:
    """The tables of a service, and whom to wake."""

    service: str
    tables: Tables
    wake: Callable[[], None]
    now: Callable[[], datetime]

    @property
    def path(self) -> str:
        """Where the routes begin."""
        return f"/api/parked/{self.service}/"

    async def order(self, order: ParkedOrder) -> ParkedJob:
        """Ask for a job.

        Raises:
            NotThere: a record that was named is not there.
        """
        async with self.tables.begin() as connection:
            job_id = await jobs.create(connection, order, now=self.now())
            found = await jobs.find(connection, job_id)
        assert found is not None  # noqa: S101 - jobs stay
        self.wake()
        return found

    async def job(self, job_id: UUID) -> ParkedJob | None:
        """A job, if there is one."""
        async with self.tables.begin() as connection:
            return await jobs.find(connection, job_id)

    async def cancel(self, job_id: UUID, *, author: str) -> bool:
        """Begin with no more of a job's records; False if it is over."""
        async with self.tables.begin() as connection:
            return await jobs.cancel(connection, job_id, author=author, now=self.now())
