"""The report: what should be closed but is not. Reads, decides nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.common.database import ACQUIRE_TIMEOUT_S, Pool
from services.common.sql import load_queries
from services.provisioner import metrics

_SQL = load_queries("services.provisioner.courses", "report.sql")

STATES = ("not_asked", "closing", "retrying", "given_up")
COUNT_EVERY_S = 15.0
Place = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Unclosed:
    """One account that should be closed; `state` is one of `STATES`, `code` why the last attempt failed."""

    account_id: UUID
    project_id: UUID
    project_name: str | None
    state: str
    cause: str
    since: datetime
    attempts: int
    code: str | None
    next_attempt_at: datetime | None


class Report:
    """Answers from the tables as they are."""

    def __init__(self, pool: Pool, *, now: Callable[[], datetime]) -> None:
        self._pool = pool
        self._now = now

    async def page(self, projects: list[UUID] | None, after: Place | None, *, limit: int) -> list[Unclosed]:
        """The accounts, those that wait longest first; of some projects only, unless that is None."""
        since, account_id = after or (None, None)
        async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
            rows = await connection.fetch(
                f"{_SQL['unclosed']} {_SQL['page']}", self._now(), projects, since, account_id, limit
            )
        return [Unclosed(**row) for row in rows]

    async def total(self, projects: list[UUID] | None = None) -> int:
        """How many there are."""
        return sum(count for count, _ in (await self._counted(projects)).values())

    async def measure(self) -> None:
        """Say in the metrics how many there are, and how old the oldest is."""
        now = self._now()
        found = await self._counted(None)
        for state in STATES:
            count, since = found.get(state, (0, now))
            metrics.UNCLOSED.labels(state).set(count)
            metrics.UNCLOSED_AGE.labels(state).set(max(0.0, (now - since).total_seconds()))

    async def _counted(self, projects: list[UUID] | None) -> dict[str, tuple[int, datetime]]:
        async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
            rows = await connection.fetch(f"{_SQL['unclosed']} {_SQL['count']}", self._now(), projects)
        return {row["state"]: (row["accounts"], row["since"]) for row in rows}
