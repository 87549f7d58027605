"""Jobs about parked records on real tables: once each, resumed, cancelled, in two copies."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from prometheus_client import REGISTRY

from schemas.codec import Unreadable
from services.common.database import Connection, Pool, migrate, open_pool, transaction
from services.common.parked import jobs
from services.common.parked.doors import Entry
from services.common.parked.metrics import Counting
from services.common.parked.model import Place
from services.common.parked.orders import Action, ParkedJob, ParkedOrder
from services.common.parked.running import Runner
from services.common.parked.tables import OwnTables
from services.common.records import Record
from tests.support.parked import NOW, put, record

if TYPE_CHECKING:
    from deploy.provisioning.database import Provisioned


@pytest.fixture
async def pool(service_database: "Provisioned") -> AsyncIterator[Pool]:
    """Tables of a service, and one more for what goes through the door."""
    dsn = service_database.services["importer"]
    async with await open_pool(dsn, name="test", size=6, schema="importer") as found:
        await migrate(found, schema="importer", package="services.importer.sql.migrations")
        await found.execute("CREATE TABLE taken (record_offset bigint, event_id text, value bytea)")
        yield found


@dataclass
class TestDoor:
    """A door that knows some records; a table shows what went through it."""

    known: set[int] = field(default_factory=set)
    broken: dict[int, list[Exception]] = field(default_factory=dict)
    """What is raised instead, at each next try of a record."""
    came: asyncio.Event = field(default_factory=asyncio.Event)
    held: dict[int, asyncio.Event] = field(default_factory=dict)
    """Records at which it waits until it is let go on."""
    __test__ = False

    async def __call__(self, one: Record) -> Entry:
        """Read a record."""
        if (hold := self.held.get(one.offset)) is not None:
            self.came.set()
            await hold.wait()
        if one.offset not in self.known:
            raise Unreadable("BAD_FACT", "It does not fit.")

        async def entry(connection: Connection) -> None:
            event_id = dict(one.headers)["ce_id"]
            assert event_id is not None
            await connection.execute(
                "INSERT INTO taken VALUES ($1, $2, $3)", one.offset, event_id.decode(), one.value
            )
            if left := self.broken.get(one.offset):
                raise left.pop(0)

        return entry


async def ask(pool: Pool, action: Action = "redrive", **wanted: object) -> UUID:
    """Ask for a job."""
    order = ParkedOrder(action=action, author="mari", reason="mended", **{"rate": 1000.0, **wanted})  # type: ignore[arg-type]
    async with transaction(pool) as connection:
        return await jobs.create(connection, order, now=NOW)


async def job(pool: Pool, job_id: UUID) -> ParkedJob:
    """How a job stands."""
    async with transaction(pool) as connection:
        found = await jobs.find(connection, job_id)
    assert found is not None
    return found


def copy(pool: Pool, door: TestDoor, *, lease_s: float = 10.0) -> Runner:
    """A process that works on jobs."""
    return Runner(OwnTables(pool), door, now=lambda: NOW, lease_s=lease_s)


async def work(runner: Runner) -> None:
    """Let it work on what there is for it."""
    while (job_id := await runner.lease()) is not None:
        await runner.work(job_id)


async def taken(pool: Pool) -> list[tuple[int, str]]:
    """What went through the door."""
    rows = await pool.fetch("SELECT record_offset, event_id FROM taken ORDER BY record_offset, event_id")
    return [tuple(row) for row in rows]


async def states(pool: Pool) -> list[tuple[int, str, int]]:
    """Offset, state and tries of all records."""
    rows = await pool.fetch("SELECT record_offset, state, tries FROM parked ORDER BY record_offset")
    return [tuple(row) for row in rows]


def counts(found: ParkedJob) -> tuple[str, int, int, int, int]:
    """State, total, done, failed, passed."""
    return found.state, found.total, found.done, found.failed, found.passed


async def test_redriven_once_and_what_fails_again_stays(pool: Pool) -> None:
    """Same bytes and event ids go through; the rest keeps its bytes and says what is the matter now; once is once."""
    await put(pool, [record(n, value=b"\x00%d" % n) for n in range(3)])
    door = TestDoor(known={0, 2})
    first, again = [await ask(pool, job_id=UUID(int=number)) for number in (1, 2)]
    await work(copy(pool, door))
    assert counts(await job(pool, first)) == ("finished", 3, 2, 1, 0)
    assert counts(await job(pool, again)) == ("finished", 3, 0, 1, 2)
    assert await taken(pool) == [(0, "event-0"), (2, "event-2")]
    assert await states(pool) == [(0, "redriven", 1), (1, "parked", 2), (2, "redriven", 1)]
    left = await pool.fetchrow("SELECT code, reason, value, settled_at FROM parked WHERE record_offset = 1")
    assert tuple(left) == ("BAD_FACT", "It does not fit.", b"\x001", None)
    async with transaction(pool) as connection:
        failed = await jobs.failures(connection, first, after=0, limit=10)
    assert [(one.place, one.code) for one in failed] == [(Place("log", 0, 1), "BAD_FACT")]
    door.known.add(1)
    await ask(pool, codes=["BAD_FACT"])
    await work(copy(pool, door))
    assert [offset for offset, _ in await taken(pool)] == [0, 1, 2]
    settled = await pool.fetchrow("SELECT settled_at, settled_by, value FROM parked WHERE record_offset = 0")
    assert tuple(settled) == (NOW, first, b"\x000")


async def test_ten_are_tried_first_in_the_order_of_the_log(pool: Pool) -> None:
    """Without a word about how many; by code and topic; nothing at all is over at once."""
    await put(pool, [record(n) for n in range(14, 2, -1)])
    await put(pool, [record(n, topic="other") for n in range(3)], code="NO_TYPE")
    door = TestDoor(known=set(range(20)))
    await ask(pool, topic="log")
    await work(copy(pool, door))
    assert [offset for offset, _ in await taken(pool)] == list(range(3, 13))
    assert counts(await job(pool, await ask(pool, codes=["NOT_JUDGED"]))) == ("finished", 0, 0, 0, 0)
    await ask(pool, codes=["NO_TYPE"], limit=2)
    await work(copy(pool, door))
    assert await pool.fetchval("SELECT count(*) FROM parked WHERE state = 'parked'") == 3


async def test_a_job_cancelled_in_the_middle_begins_with_no_more(pool: Pool) -> None:
    """What is at the door when the cancel comes is not taken; what was taken stays so."""
    await put(pool, [record(n) for n in range(3)])
    door = TestDoor(known={0, 1, 2}, held={1: asyncio.Event()})
    job_id = await ask(pool)
    working = asyncio.create_task(work(copy(pool, door)))
    await door.came.wait()
    async with transaction(pool) as connection:
        assert await jobs.cancel(connection, job_id, author="olga", now=NOW)
        assert not await jobs.cancel(connection, job_id, author="olga", now=NOW)
    door.held[1].set()
    await working
    found = await job(pool, job_id)
    assert (counts(found), found.cancelled_by) == (("cancelled", 3, 1, 0, 0), "olga")
    assert await taken(pool) == [(0, "event-0")]
    assert await states(pool) == [(0, "redriven", 1), (1, "parked", 0), (2, "parked", 0)]


async def test_a_dead_copys_job_goes_on_and_one_that_wakes_late_changes_nothing(pool: Pool) -> None:
    """A copy holds a record at the door until its lease is over; another ends the job; every record is taken once."""
    await put(pool, [record(n) for n in range(3)])
    asleep = TestDoor(known={0, 1, 2}, held={1: asyncio.Event()})
    job_id = await ask(pool)
    sleeping = asyncio.create_task(work(copy(pool, asleep, lease_s=3600)))
    await asleep.came.wait()
    other = copy(pool, TestDoor(known={0, 1, 2}))
    assert await other.lease() is None
    await pool.execute("UPDATE parked_jobs SET lease_until = clock_timestamp() - interval '1 second'")
    await work(other)
    assert counts(await job(pool, job_id)) == ("finished", 3, 3, 0, 0)
    asleep.held[1].set()
    await sleeping
    assert await taken(pool) == [(0, "event-0"), (1, "event-1"), (2, "event-2")]
    assert counts(await job(pool, job_id)) == ("finished", 3, 3, 0, 0)


async def test_two_copies_with_the_same_records_take_each_once(pool: Pool) -> None:
    """Two jobs about the same records, in two copies at the same time."""
    await put(pool, [record(n) for n in range(20)])
    door = TestDoor(known=set(range(20)))
    both = [await ask(pool, limit=20) for _ in range(2)]
    await asyncio.gather(work(copy(pool, door)), work(copy(pool, door)))
    found = [await job(pool, one) for one in both]
    assert [offset for offset, _ in await taken(pool)] == list(range(20))
    assert (sum(one.done for one in found), sum(one.passed for one in found)) == (20, 20)


async def test_a_slow_door_keeps_its_job_in_hand(pool: Pool) -> None:
    """For as long as a record takes, the lease is renewed."""
    await put(pool, [record(0)])
    door = TestDoor(known={0}, held={0: asyncio.Event()})
    await ask(pool)
    working = asyncio.create_task(work(copy(pool, door, lease_s=0.3)))
    await door.came.wait()
    first = await pool.fetchval("SELECT lease_until FROM parked_jobs")
    async with asyncio.timeout(10):
        while await pool.fetchval("SELECT lease_until FROM parked_jobs") == first:
            await asyncio.sleep(0.02)
    door.held[0].set()
    await working
    assert await taken(pool) == [(0, "event-0")]


async def test_a_mistake_of_ours_fails_one_record_and_what_is_away_is_waited_for(pool: Pool) -> None:
    """Neither leaves anything half done; the job goes on after both."""
    await put(pool, [record(n) for n in range(3)])
    door = TestDoor(
        known={0, 1, 2}, broken={0: [KeyError("secret")], 1: [TimeoutError(), ConnectionResetError()]}
    )
    job_id = await ask(pool)
    runner = copy(pool, door)
    running = asyncio.create_task(runner.run())
    async with asyncio.timeout(20):
        while not (await job(pool, job_id)).over:
            await asyncio.sleep(0.02)
    running.cancel()
    assert counts(await job(pool, job_id)) == ("finished", 3, 2, 1, 0)
    assert await taken(pool) == [(1, "event-1"), (2, "event-2")]
    assert await pool.fetchval("SELECT code FROM parked WHERE record_offset = 0") == "REDRIVE_BROKE"


async def test_dropped_ones_keep_their_bytes_and_may_be_redriven_by_name(pool: Pool) -> None:
    """A drop is a mark; all others leave the record alone from then on."""
    await put(pool, [record(n, value=b"kept") for n in range(2)])
    door = TestDoor(known={0, 1})
    await ask(pool, "drop", places=[Place("log", 0, 0)])
    await work(copy(pool, door))
    everything = await ask(pool)
    await work(copy(pool, door))
    assert await states(pool) == [(0, "dropped", 0), (1, "redriven", 1)]
    assert counts(await job(pool, everything)) == ("finished", 1, 1, 0, 0)
    assert await pool.fetchval("SELECT value FROM parked WHERE record_offset = 0") == b"kept"
    await ask(pool, places=[Place("log", 0, 0), Place("log", 0, 1)])
    await work(copy(pool, door))
    assert await states(pool) == [(0, "redriven", 1), (1, "redriven", 1)]
    assert len(await taken(pool)) == 2
    with pytest.raises(jobs.NotThere, match="log~0~7"):
        await ask(pool, places=[Place("log", 0, 7)])


async def test_read_again_a_record_keeps_what_became_of_it(pool: Pool) -> None:
    """Tables that went back read the log again: what is parked already stays as it is."""
    await put(pool, [record(0)])
    await ask(pool, "drop", places=[Place("log", 0, 0)])
    await work(copy(pool, TestDoor()))
    await put(pool, [record(0)])
    assert await states(pool) == [(0, "dropped", 0)]


async def test_what_waits_is_counted_by_code(pool: Pool) -> None:
    """A code of which nothing waits any more is 0, not forgotten at its last value."""
    counting = Counting(OwnTables(pool), "test")

    def gauge(codes: Sequence[str]) -> list[float | None]:
        return [
            REGISTRY.get_sample_value("course_accounts_parked_records", {"service": "test", "code": code})
            for code in codes
        ]

    await put(pool, [record(0), record(1, topic="other")])
    await put(pool, [record(2)], code="NO_TYPE")
    await counting.measure()
    assert gauge(["UNKNOWN_TYPE", "NO_TYPE"]) == [2, 1]
    await ask(pool, "drop", codes=["UNKNOWN_TYPE"])
    await work(copy(pool, TestDoor()))
    await counting.measure()
    assert gauge(["UNKNOWN_TYPE", "NO_TYPE"]) == [0, 1]
