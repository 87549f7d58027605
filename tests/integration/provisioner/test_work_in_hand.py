"""Intake and claimer over one desk: work is never lost between table and hands, and no account is in hand twice."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from deploy.provisioning.database import Provisioned
from schemas import codec
from schemas.facts import Fact
from services.common.database import Pool, migrate, open_pool
from services.common.records import Record, TopicPartition
from services.provisioner.account.outcome import Made, NotTried
from services.provisioner.bootstrap import SCHEMA
from services.provisioner.intake.handler import Intake
from services.provisioner.intake.reading import Reader
from services.provisioner.retry import RetryPolicy, Rule
from services.provisioner.work.claiming import Claimer
from services.provisioner.work.desk import Desk, Item
from services.provisioner.work.recording import Recorder
from services.provisioner.work.stops import Stops
from tests.support.log import project_snapshot, requested

HERE = TopicPartition("log", 0)
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


class Copy:
    """One provisioner without Kafka and callers: records are handed in, items are taken out, by the test."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.offset = 0
        self.desk = Desk(lease_seconds=3600, concurrency=50, clock=lambda: 0.0)
        self.desk.follow(ends=lambda: {HERE: 0}, caught_up=lambda _: True)
        self.stops = Stops(pool=pool, clock=lambda: 0.0)
        reader = Reader()
        self.intake = Intake(
            pool=pool,
            reader=reader,
            desk=self.desk,
            stopped=self.stops,
            now=lambda: NOW,
            chunk_rows=10,
            decided=lambda: None,
        )
        self.claimer = Claimer(
            pool=pool,
            desk=self.desk,
            stops=self.stops,
            recorded=reader.recorded,
            now=lambda: NOW,
            decided=lambda: None,
        )
        self.recorder = Recorder(
            pool=pool,
            desk=self.desk,
            stops=self.stops,
            policy=RetryPolicy({"AWAY": Rule(first=0.001, attempts=None)}),
            recorded=reader.recorded,
            now=lambda: NOW,
            jitter=lambda: 0.0,
            decided=lambda: None,
        )

    async def own(self) -> None:
        """The partition is ours, or its position was read again."""
        await self.intake.positions([HERE])
        await self.intake.assigned([HERE])

    async def read(self, facts: Sequence[Fact]) -> None:
        """The next records of the log."""
        records = []
        for fact in facts:
            encoded = codec.encode(fact, source="test", time=NOW)
            records.append(
                Record("log", 0, self.offset, 0, encoded.key, tuple(encoded.headers), encoded.value)
            )
            self.offset += 1
        await self.intake.handle(records)

    def in_hand(self) -> list[Item]:
        """All that callers would find now."""
        return self.desk._singles.waiting()

    async def take(self, count: int) -> list[Item]:
        """What callers take."""
        async with asyncio.timeout(5):
            return [await self.desk.take() for _ in range(count)]


@pytest.fixture
async def pool(service_database: Provisioned) -> AsyncIterator[Pool]:
    """The provisioner's empty tables."""
    pool = await open_pool(service_database.services["provisioner"], name="test", size=3, schema=SCHEMA)
    await migrate(pool, schema=SCHEMA, package="services.provisioner.sql.migrations")
    yield pool
    await pool.close()


@pytest.fixture
async def ours(pool: Pool) -> Copy:
    """A copy that owns the partition and has read all of it."""
    copy = Copy(pool)
    await copy.own()
    return copy


def people(items: Sequence[Item]) -> list[UUID]:
    """Their accounts, in an order of their own."""
    return sorted(item.stored.account.account_id for item in items)


async def test_reading_positions_again_puts_work_back(ours: Copy) -> None:
    """A failed batch makes the consumer read its positions again: what was in hand is claimed again, all of it."""
    project, import_id = project_snapshot(), uuid4()
    facts = [requested(project, f"p{n}@example.org", import_id=import_id, row=n) for n in range(1, 31)]
    await ours.read(facts)
    assert people(ours.in_hand()) == sorted(fact.account_id for fact in facts)
    under_way = await ours.take(3)
    await ours.own()
    assert ours.in_hand() == []
    await ours.claimer.keep_leases()
    await ours.claimer.step()
    assert people([*ours.in_hand(), *under_way]) == sorted(fact.account_id for fact in facts)


async def test_a_second_claim_is_no_second_call(ours: Copy) -> None:
    """While a call for an account is under way another import asks for it: met, and never in hand twice."""
    project = project_snapshot()
    await ours.read([requested(project, "ada@example.org", import_id=uuid4())])
    (item,) = await ours.take(1)
    await ours.read([requested(project, "ada@example.org", import_id=uuid4())])
    await ours.claimer.step()
    assert ours.in_hand() == []
    await ours.recorder._record([(item, Made("ada"))])
    rows = await ours.pool.fetch("SELECT state, version, username FROM accounts")
    assert [tuple(row) for row in rows] == [(2, 2, "ada")]
    assert await ours.pool.fetchval("SELECT count(*) FROM work") == 0


async def test_an_account_in_several_chunks_is_in_hand_once(ours: Copy) -> None:
    """Chunks of one account may pile up around a crash; claimed together they are one call."""
    project = project_snapshot()
    request = requested(project, "ada@example.org", import_id=uuid4())
    await ours.read([request])
    await ours.pool.execute(
        """INSERT INTO work (chunk_id, partition, project_id, import_id, due_at, account_ids)
           SELECT gen_random_uuid(), partition, project_id, import_id, due_at, account_ids
           FROM work, generate_series(1, 3)"""
    )
    await ours.claimer.step()  # ours is in hand already: the others wait a little
    assert people(ours.in_hand()) == [request.account_id]
    await ours.own()
    await ours.pool.execute("UPDATE work SET due_at = $1", NOW)
    await ours.claimer.step()
    assert people(ours.in_hand()) == [request.account_id]
    (item,) = await ours.take(1)
    await ours.recorder._record([(item, Made("ada"))])
    await ours.pool.execute("UPDATE work SET due_at = $1", NOW)
    await ours.claimer.step()
    assert ours.in_hand() == []
    assert await ours.pool.fetchval("SELECT count(*) FROM work") == 0


async def test_work_claimed_for_a_partition_that_went_away_goes_back(ours: Copy) -> None:
    """The partition is taken from us while the claim is being committed: the next owner finds the work free."""
    await ours.read([requested(project_snapshot(), "ada@example.org", import_id=uuid4())])
    await ours.intake.revoked([HERE])
    await ours.claimer._claim(ours.desk.room(), frozenset({0}))
    assert ours.in_hand() == []
    heir = Copy(ours.pool)
    await heir.own()
    await heir.claimer.step()
    assert len(heir.in_hand()) == 1


async def test_an_outcome_is_decided_again_on_what_is_stored(ours: Copy) -> None:
    """A claim was met during the call: the outcome takes the next version, and a retry is queued once."""
    project = project_snapshot()
    await ours.read([requested(project, "ada@example.org", import_id=uuid4())])
    (item,) = await ours.take(1)
    await ours.read([requested(project, "ada@example.org", import_id=uuid4())])
    await ours.recorder._record([(item, NotTried("AWAY"))])
    assert await ours.pool.fetchval("SELECT version FROM accounts") == 2
    assert await ours.pool.fetchval("SELECT count(*) FROM work WHERE owner IS NULL") == 1
    assert await ours.pool.fetchval("SELECT count(*) FROM work") == 1
    # The same attempt again, from a process that thought it still held the account: nothing more.
    await ours.recorder._record([(item, NotTried("AWAY"))])
    assert await ours.pool.fetchval("SELECT version FROM accounts") == 2
    # Unless it was made: under the key it still has, that is news whoever called.
    await ours.recorder._record([(item, Made("late"))])
    assert [tuple(row) for row in await ours.pool.fetch("SELECT version, username FROM accounts")] == [
        (3, "late")
    ]


async def test_an_outcome_of_emptied_tables_is_dropped(ours: Copy) -> None:
    """There is no account to record it on; the log will say that it must be asked again."""
    await ours.read([requested(project_snapshot(), "ada@example.org", import_id=uuid4())])
    (item,) = await ours.take(1)
    await ours.pool.execute("TRUNCATE accounts, work")
    await ours.recorder._record([(item, Made("ada"))])
    assert await ours.pool.fetchval("SELECT count(*) FROM outbox") == 0
