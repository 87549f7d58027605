"""One record of a job: read by the door, then stored, marked and counted in one transaction."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import asyncpg
import structlog

from schemas.codec import Unreadable
from services.common.database import Connection
from services.common.failures import is_operational, named, trail
from services.common.parked.doors import REDRIVE_BROKE, Door, Entry
from services.common.parked.looking import headers_of
from services.common.parked.model import Place, record_of
from services.common.parked.orders import Outcome
from services.common.parked.tables import Tables
from services.common.sql import load_queries

logger = structlog.get_logger(__name__)

_SQL = load_queries("services.common.parked", "running.sql")

Turn = asyncpg.Record
"""The next record of a job, with what the job wants of it."""


class Settler:
    """Settles records of jobs that are in one owner's hands."""

    def __init__(
        self, tables: Tables, door: Door, *, owner: UUID, lease_s: float, now: Callable[[], datetime]
    ) -> None:
        self._tables = tables
        self._door = door
        self._owner = owner
        self._lease_s = lease_s
        self._now = now

    async def turn(self, job_id: UUID) -> Turn | None:
        """The next record; None: the job is over, or in other hands."""
        async with self._tables.begin() as connection:
            return await connection.fetchrow(_SQL["turn"], job_id, self._owner)

    async def entry(self, job_id: UUID, turn: Turn) -> Entry | Unreadable | None:
        """How to store the record of a turn; the reason why it cannot be; None: it is not to be stored.

        The job stays in our hands for as long as the door takes.
        """
        if turn["action"] != "redrive" or not _open(turn["state"], turn):
            return None
        reading = asyncio.ensure_future(
            self._door(record_of(_place(turn), turn, headers_of(turn["headers"])))
        )
        try:
            while not (await asyncio.wait({reading}, timeout=self._lease_s / 3))[0]:
                async with self._tables.begin() as connection:
                    await connection.execute(_SQL["renew"], job_id, self._owner, self._lease_s)
            return await reading
        except Unreadable as reason:
            return reason
        except Exception as error:  # noqa: BLE001 - sorted there
            return _broke(error)
        finally:
            reading.cancel()

    async def settle(self, job_id: UUID, turn: Turn, entry: Entry | Unreadable | None) -> Outcome | None:
        """Write down what a turn came to, with all that follows from it; None: nothing, look at the job again."""
        place, now = _place(turn), self._now()
        reason: Unreadable | None = None
        outcome: Outcome = "passed"
        async with self._tables.begin() as connection:
            lease_s = self._lease_s + 1 / turn["rate"]
            if not await connection.fetchval(_SQL["hold"], job_id, self._owner, turn["place"], now, lease_s):
                return None
            if _open(await connection.fetchval(_SQL["lock"], *place), turn):
                if entry is None and turn["action"] == "redrive":
                    return None  # it was not there when its turn began, and is now
                reason = await _stored(connection, entry) if callable(entry) else entry
                await self._mark(connection, turn, job_id, reason, now)
                outcome = "failed" if reason else "done"
            code, why = (reason.code, str(reason)) if reason else (None, None)
            await connection.execute(_SQL["came_to"], job_id, turn["place"], outcome, code, why, now)
            await connection.execute(_SQL["add_up"], job_id, outcome, now)
        logger.info(
            "parked_record_settled",
            action=turn["action"],
            outcome=outcome,
            code=code,
            topic=place.topic,
            partition=place.partition,
            offset=place.offset,
            job=str(job_id),
        )
        return outcome

    async def _mark(
        self, connection: Connection, turn: Turn, job_id: UUID, reason: Unreadable | None, now: datetime
    ) -> None:
        place = _place(turn)
        if reason is not None:
            await self._tables.everywhere(connection, _SQL["stay"], *place, reason.code, str(reason), now)
            return
        redriven = turn["action"] == "redrive"
        state = "redriven" if redriven else "dropped"
        await self._tables.everywhere(connection, _SQL["settle"], *place, state, now, job_id, int(redriven))


def _place(turn: Turn) -> Place:
    return Place(turn["topic"], turn["partition"], turn["record_offset"])


def _open(state: str | None, turn: Turn) -> bool:
    """Whether there is anything to do: what was dropped may be redriven all the same by whoever names it."""
    return state == "parked" or (state == "dropped" and turn["named"] and turn["action"] == "redrive")


async def _stored(connection: Connection, entry: Entry) -> Unreadable | None:
    """Store a record; if that cannot be, nothing of it is stored, and the reason is answered."""
    try:
        async with connection.transaction():
            await entry(connection)
    except Unreadable as reason:
        return reason
    except Exception as error:  # noqa: BLE001 - sorted there
        return _broke(error)
    return None


def _broke(error: Exception) -> Unreadable:
    """A mistake of ours in one record must not end the process; what is only away is waited for."""
    if is_operational(error):
        raise error
    logger.error("redrive_broke", error=named(error), trail=trail(error))
    return REDRIVE_BROKE
