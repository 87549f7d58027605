"""Intake and claimer over one desk: work is never lost between table and hands, and no account is in hand twice."""

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid4

from services.provisioner.account.outcome import Made, NotTried
from services.provisioner.store.work import Room
from services.provisioner.work.desk import Item
from tests.integration.provisioner.in_hand import HERE, NOW, Copy
from tests.support.log import project_snapshot, requested


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


async def test_partitions_go_when_calls_under_way_are_recorded(ours: Copy) -> None:
    """What a call came to is written down before another copy may claim its account; the rest it finds fresh."""
    project, import_id = project_snapshot(), uuid4()
    await ours.read(
        [requested(project, f"p{n}@example.org", import_id=import_id, row=n) for n in range(1, 16)]
    )
    (item,) = await ours.take(1)
    going = asyncio.create_task(ours.intake.revoked([HERE]))
    async with asyncio.timeout(5):
        while not item.held.forgotten:
            await asyncio.sleep(0)
    assert ours.in_hand() == []
    assert not going.done()
    recording = asyncio.create_task(ours.recorder.run())
    ours.recorder.put(item, Made("ada"))
    async with asyncio.timeout(5):
        await going
    recording.cancel()
    heir = Copy(ours.pool)
    await heir.own()
    await heir.claimer.step()
    assert len(heir.in_hand()) == 14
    assert {held.chunk.fresh for held in heir.desk._held.values()} == {True, False}


async def test_partitions_go_in_the_end_whatever_is_under_way(ours: Copy) -> None:
    """A call that does not end is waited for so long and no longer."""
    await ours.read([requested(project_snapshot(), "ada@example.org", import_id=uuid4())])
    await ours.take(1)
    ours.intake.hurry(0.05)
    async with asyncio.timeout(5):
        await ours.intake.revoked([HERE])
    assert await ours.pool.fetchval("SELECT count(*) FROM work WHERE owner IS NULL") == 1


async def test_a_process_that_stood_still_drops_what_it_held(ours: Copy) -> None:
    """Its lease ran out and another took some: it forgets all of it, puts the rest back, and harms nobody."""
    project, import_id = project_snapshot(), uuid4()
    await ours.read(
        [requested(project, f"p{n}@example.org", import_id=import_id, row=n) for n in range(1, 31)]
    )
    (under_way,) = await ours.take(1)
    heir = Copy(ours.pool)
    heir.seconds = ours.seconds = 3700
    await heir.own()
    room = Room(10, 10, 10, {})
    await heir.claimer._claim(room, frozenset({0}))
    taken = people(heir.in_hand())
    assert 0 < len(taken) < 30
    assert ours.desk.lost(under_way)
    assert ours.in_hand() == []
    await ours.claimer.keep_leases()
    owners = await ours.pool.fetch("SELECT owner, size FROM work ORDER BY owner")
    assert {row["owner"] for row in owners} == {heir.desk.owner, None}
    await heir.claimer.step()
    assert len(heir.in_hand()) == 30


async def test_chunks_that_others_took_are_forgotten_when_leases_are_renewed(ours: Copy) -> None:
    """By the table's word, whatever our own clock says; the others are kept."""
    project, import_id = project_snapshot(), uuid4()
    await ours.read(
        [requested(project, f"p{n}@example.org", import_id=import_id, row=n) for n in range(1, 31)]
    )
    ours.seconds = 1800
    lost = await ours.pool.fetchval(
        "UPDATE work SET owner = $1 WHERE chunk_id = (SELECT min(chunk_id::text)::uuid FROM work) RETURNING chunk_id",
        uuid4(),
    )
    await ours.claimer.keep_leases()
    assert len(ours.in_hand()) == 20
    assert lost not in {item.held.chunk.chunk_id for item in ours.in_hand()}
    ours.seconds = 5000  # beyond the first lease
    (item,) = await ours.take(1)
    assert not ours.desk.lost(item)


async def test_outcomes_wait_until_the_log_was_read_to_its_end(ours: Copy) -> None:
    """Tables that are being read again may be older than the outcome: decided on them it could contradict the log."""
    project = project_snapshot()
    await ours.read([requested(project, "ada@example.org", import_id=uuid4())])
    (item,) = await ours.take(1)
    ours.end = 2
    await ours.own()
    assert ours.desk.healing(0)
    recording = asyncio.create_task(ours.recorder.run())
    ours.recorder.put(item, Made("ada"))
    async with asyncio.timeout(5):
        while not ours.recorder.kept_back:
            await asyncio.sleep(0)
    assert await ours.pool.fetchval("SELECT version FROM accounts") == 0
    await ours.read([requested(project, "bob@example.org", import_id=uuid4())])
    async with asyncio.timeout(5):
        while ours.desk.holds(item.stored.account.account_id):
            await asyncio.sleep(0.01)
    recording.cancel()
    rows = await ours.pool.fetch("SELECT version FROM accounts ORDER BY version")
    assert [row["version"] for row in rows] == [0, 1]
