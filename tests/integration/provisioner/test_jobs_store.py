"""Jobs as tables: which accounts are chosen, in which order parts are taken, how they add up, and how they end."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from deploy.provisioning.database import Provisioned
from schemas.facts import ClaimRef
from services.common.database import Connection, Pool, migrate, open_pool, transaction
from services.provisioner.account import (
    Account,
    Change,
    Closed,
    Closing,
    Erred,
    How,
    Ok,
    Order,
    OtherClaim,
    Pending,
    Standing,
    Stored,
)
from services.provisioner.bootstrap import SCHEMA
from services.provisioner.jobs import store
from services.provisioner.jobs.order import JobOrder, Mark, Part, Tally
from services.provisioner.store import accounts, imports

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
PROJECT, OTHER = UUID(int=7), UUID(int=8)
FIRST, SECOND = UUID(int=21), UUID(int=22)
ORDER = Order("ada@example.org", "course", "manager", NOW.date(), b"{}")
GIVEN_UP = Closing("ada", 3, None, "CLOSE_REFUSED")


@pytest.fixture
async def connection(service_database: Provisioned) -> AsyncIterator[Connection]:
    """A connection to the provisioner's empty tables, in a transaction."""
    pool: Pool = await open_pool(service_database.services["provisioner"], name="test", size=1, schema=SCHEMA)
    await migrate(pool, schema=SCHEMA, package="services.provisioner.sql.migrations")
    async with transaction(pool) as connection:
        await imports.add(connection, {FIRST: PROJECT, SECOND: PROJECT})
        yield connection
    await pool.close()


async def remember(
    connection: Connection,
    standing: Standing,
    *,
    row: int = 1,
    project_id: UUID = PROJECT,
    import_id: UUID = FIRST,
    others: Sequence[OtherClaim] = (),
    partition: int = 3,
) -> UUID:
    """Store an account; its id."""
    claim = ClaimRef(request_id=uuid4(), import_id=import_id, row=row)
    before = Account(uuid4(), project_id, claim, ORDER)
    after = Account(before.account_id, project_id, claim, ORDER, standing, version=1, others=tuple(others))
    await accounts.insert_new(connection, [Stored(before, partition)])
    assert await accounts.rewrite(connection, [Change(before, after)])
    return before.account_id


async def chosen(connection: Connection, order: JobOrder) -> set[UUID]:
    """The accounts of a new job, which counts as many before and after."""
    counted = await store.count(connection, order)
    job = await store.find(connection, await store.create(connection, order, now=NOW))
    assert job is not None
    found: set[UUID] = set()
    while (part := await store.take(connection, range(12), after=UUID(int=0))) is not None:
        found.update(part.account_ids)
        await store.add_up(connection, part, Tally(len(part.account_ids), 0, ()), now=NOW)
    assert len(found) == job.total
    if order.account_ids is None:
        assert counted.accounts == job.total
    return found


async def test_only_what_the_action_can_concern_is_chosen(connection: Connection) -> None:
    """Failed accounts are retried, of all or of some codes; what is closed or being closed is not closed again."""
    refused = await remember(connection, Erred("REFUSED", 1, effect_unknown=False))
    lost = await remember(connection, Erred("OUTCOME_UNKNOWN", 12, effect_unknown=True))
    ok, pending = await remember(connection, Ok("ada")), await remember(connection, Pending())
    stuck = await remember(connection, GIVEN_UP)
    closed, closing = await remember(connection, Closed()), await remember(connection, Closing("ada"))
    elsewhere = await remember(connection, Ok("bob"), project_id=OTHER, import_id=UUID(int=23))

    retry = JobOrder(action="retry", author="manager", project_id=PROJECT)
    assert await chosen(connection, retry) == {refused, lost}
    by_code = JobOrder(action="retry", author="manager", project_id=PROJECT, codes=["REFUSED"])
    assert await chosen(connection, by_code) == {refused}
    close = JobOrder(action="close", author="manager", project_id=PROJECT)
    assert await chosen(connection, close) == {refused, lost, ok, pending, stuck}
    end = JobOrder(action="close", author="clock", cause="course_ended", project_id=PROJECT)
    assert await chosen(connection, end) == {lost, ok}
    assert await chosen(connection, replace(end, partitions=[3])) == {lost, ok}
    assert await chosen(connection, replace(end, partitions=[4])) == set()
    counted = await store.count(connection, close)
    assert counted.by_state == {"pending": 1, "ok": 1, "erred": 2, "closing": 1}
    assert counted.by_code == {"REFUSED": 1, "OUTCOME_UNKNOWN": 1, "CLOSE_REFUSED": 1}
    unknown = uuid4()
    named = JobOrder(action="close", author="manager", account_ids=[closed, closing, elsewhere, unknown])
    assert await chosen(connection, named) == {closed, closing, elsewhere, unknown}
    assert (await store.count(connection, named)).accounts == 1


async def test_an_import_is_its_own_rows_and_those_it_shares(connection: Connection) -> None:
    """A later claim counts while it is alive; rows choose by the claim's own row, whoever came first."""

    def shared(row: int, how: How = How.FOLLOWER) -> OtherClaim:
        return OtherClaim(ClaimRef(request_id=uuid4(), import_id=SECOND, row=row), how)

    erred = Erred("REFUSED", 1, effect_unknown=False)
    own = [await remember(connection, erred, row=row, import_id=SECOND) for row in (1, 2)]
    both = await remember(connection, erred, row=7, others=[shared(3)])
    await remember(connection, erred, row=8, others=[shared(4, How.ENDED)])
    await remember(connection, erred, row=9)

    order = JobOrder(action="retry", author="manager", import_id=SECOND)
    assert await chosen(connection, order) == {*own, both}
    rows = JobOrder(action="retry", author="manager", import_id=SECOND, rows=[2, 3, 4, 7])
    assert await chosen(connection, rows) == {own[1], both}
    nothing = JobOrder(action="retry", author="manager", import_id=UUID(int=99))
    assert await chosen(connection, nothing) == set()
    with pytest.raises(ValueError, match="about accounts"):
        await store.create(connection, JobOrder(action="close", author="manager"), now=NOW)


async def test_jobs_take_turns_and_a_person_who_waits_comes_first(connection: Connection) -> None:
    """Parts of one partition, in the order of the rows; only of partitions that are asked for; the same id once."""
    many = {
        row: await remember(connection, Erred("REFUSED", 1, effect_unknown=False), row=row)
        for row in range(1, 202)
    }
    away = await remember(connection, Ok("ada"), partition=4, project_id=OTHER, import_id=UUID(int=23))
    first, second, single, other = (UUID(int=number) for number in (1, 2, 3, 4))
    for job_id in (first, second, first):
        order = JobOrder(action="retry", author="manager", import_id=FIRST, job_id=job_id)
        assert await store.create(connection, order, now=NOW) == job_id
    await store.create(
        connection, JobOrder(action="close", author="manager", account_ids=[many[5]], job_id=single), now=NOW
    )
    await store.create(
        connection, JobOrder(action="close", author="manager", project_id=OTHER, job_id=other), now=NOW
    )
    ours = partition_of(
        await connection.fetchval("SELECT partition FROM job_parts WHERE job_id = $1", single)
    )
    taken: list[Part] = []
    last = UUID(int=0)
    while (part := await store.take(connection, {3, ours}, after=last)) is not None:
        taken.append(part)
        last = part.job_id
    assert [part.job_id for part in taken] == [single, first, second, first, second, first, second]
    assert [i for part in taken if part.job_id == first for i in part.account_ids] == list(many.values())
    left = await store.take(connection, {4}, after=last)
    assert left is not None
    assert (left.job_id, left.account_ids) == (other, [away])


def partition_of(value: object) -> int:
    """As a number."""
    assert isinstance(value, int)
    return value


async def test_parts_add_up_until_a_job_ends(connection: Connection) -> None:
    """Counts and refusals with every part; cancelled, the rest is dropped; in the end it is forgotten."""
    erred = Erred("REFUSED", 1, effect_unknown=False)
    ids = [await remember(connection, erred, row=row) for row in range(1, 226)]
    order = JobOrder(action="retry", author="manager", reason="fixed", import_id=FIRST)
    finished, stopped = [await store.create(connection, order, now=NOW) for _ in range(2)]
    later = NOW + timedelta(seconds=4)

    async def decide(job_id: UUID, most: int) -> None:
        for _ in range(most):
            before = UUID(int=job_id.int - 1)
            part = await store.take(connection, [3], after=before)
            assert part is not None
            assert part.job_id == job_id
            refused = [(i, "COURSE_ENDED") for i in part.account_ids[:2]]
            await store.add_up(
                connection,
                part,
                Tally(len(part.account_ids) - 3, 1, refused, Mark(part.account_ids[-1], 7)),
                now=later,
            )

    await decide(stopped, 1)
    job = await store.find(connection, stopped)
    assert job is not None
    assert (job.state, job.total, job.changed, job.unchanged, job.refused) == ("running", 225, 97, 1, 2)
    job = await store.cancel(connection, stopped, now=later)
    assert job is not None
    assert (job.state, job.dropped, job.parts_left, job.over) == ("cancelled", 125, 0, True)
    assert await store.cancel(connection, stopped, now=later) is None

    await decide(finished, 3)
    job = await store.find(connection, finished)
    assert job is not None
    assert (job.state, job.changed, job.refused, job.reason) == ("finished", 216, 6, "fixed")
    assert (job.created_at, job.started_at, job.finished_at) == (NOW, later, later)
    assert job.marks == [(ids[-1], 7)]
    page = await store.refusals(connection, finished, after=None, limit=4)
    rest = await store.refusals(connection, finished, after=page[-1].account_id, limit=4)
    assert {i for i, code, _ in page + rest if code == "COURSE_ENDED"} <= set(ids)
    assert len({*page, *rest}) == 6
    assert {refusal.email for refusal in page} == {ORDER.email}

    assert not await store.withdraw(connection, finished)
    taken_back = await store.create(connection, order, now=later)
    assert await store.withdraw(connection, taken_back)
    assert await store.find(connection, taken_back) is None
    newest = await store.create(connection, order, now=later)
    assert [j.job_id for j in await store.page(connection, before=None, limit=1)] == [newest]
    older = await store.page(connection, before=(later, newest), limit=5)
    assert {j.job_id for j in older} == {finished, stopped}
    await store.forget(connection, ended_before=later + timedelta(days=30))
    assert [j.job_id for j in await store.page(connection, before=None, limit=5)] == [newest]
    assert not await store.refusals(connection, finished, after=None, limit=4)
