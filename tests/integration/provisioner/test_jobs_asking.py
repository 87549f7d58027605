"""Waiting for a command: nobody decides it, and it is as if it had never been; done, it waits for the read model."""

from datetime import UTC, datetime
from itertools import count
from uuid import UUID, uuid4

import pytest

from schemas.facts import ClaimRef
from services.common.database import Pool, transaction
from services.common.read_model import Seen
from services.provisioner.account import Account, Change, Erred, Order, Stored
from services.provisioner.jobs import store
from services.provisioner.jobs.asking import Jobs, NobodyDecides
from services.provisioner.jobs.ends import Ends
from services.provisioner.jobs.order import JobOrder, Mark, Tally
from services.provisioner.store import accounts

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
ACCOUNT = UUID(int=5)
ORDER = JobOrder(action="retry", author="mari", account_ids=[ACCOUNT], job_id=UUID(int=9))


class Asked:
    """A read model that shows everything, or nothing, and remembers what it was asked."""

    def __init__(self, *, current: bool) -> None:
        self.current = current
        self.marks: list[Mark] = []

    async def account(self, account_id: UUID, version: int, within_s: float) -> Seen:
        """As told, at once."""
        assert 0 <= within_s <= 2
        self.marks.append(Mark(account_id, version))
        return Seen({"uuid": account_id.hex}, self.current)


@pytest.fixture
async def pool(pool: Pool) -> Pool:
    """The provisioner's tables with one failed account."""
    claim = ClaimRef(request_id=uuid4(), import_id=uuid4(), row=1)
    order = Order("ada@example.org", "course", "manager", None, b"{}")
    before = Account(ACCOUNT, UUID(int=7), claim, order)
    after = Account(ACCOUNT, UUID(int=7), claim, order, Erred("REFUSED", 1, effect_unknown=False), version=4)
    async with transaction(pool) as connection:
        await accounts.insert_new(connection, [Stored(before, 3)])
        await accounts.rewrite(connection, [Change(before, after)])
    return pool


def jobs(pool: Pool, read_model: Asked, *, seconds_a_look: float = 0.0) -> Jobs:
    """Nobody decides anything here; every look at the clock takes a while."""
    ticks = count()
    return Jobs(
        pool=pool,
        wake=lambda: None,
        ends=Ends(),
        read_model=read_model,
        now=lambda: NOW,
        monotonic=lambda: next(ticks) * seconds_a_look,
    )


def everything(_: UUID) -> bool:
    """Whoever asks may know of every project."""
    return True


def nothing(_: UUID) -> bool:
    """Whoever asks may know of none."""
    return False


async def test_what_nobody_decides_in_time_is_taken_back(pool: Pool) -> None:
    """No trace of it is left: later, under the same key, it may be asked for again."""
    with pytest.raises(NobodyDecides):
        await jobs(pool, Asked(current=True), seconds_a_look=1).one(ACCOUNT, ORDER, everything)
    async with transaction(pool) as connection:
        assert await store.page(connection, before=None, limit=1) == []
        assert await store.take(connection, range(12), after=UUID(int=0)) is None
    assert await jobs(pool, Asked(current=True), seconds_a_look=1).one(uuid4(), ORDER, everything) is None
    assert await jobs(pool, Asked(current=True), seconds_a_look=1).one(ACCOUNT, ORDER, nothing) is None


async def test_an_answer_waits_for_the_version_that_was_decided(pool: Pool) -> None:
    """Of one account its own, of a job the last of each partition; who lags is told of."""
    async with transaction(pool) as connection:
        await store.create(connection, ORDER, now=NOW)
        part = await store.take(connection, range(12), after=UUID(int=0))
        assert part is not None
        await store.add_up(connection, part, Tally(1, 0, (), Mark(ACCOUNT, 4)), now=NOW)
    for current in (True, False):
        read_model = Asked(current=current)
        answered = await jobs(pool, read_model).one(ACCOUNT, ORDER, everything)
        assert answered is not None
        assert (answered.refused, answered.seen.current) == (None, current)
        assert answered.stored.account.version == 4
        job, seen = await jobs(pool, read_model).many(ORDER)
        assert (job.state, seen) == ("finished", current)
        assert read_model.marks == [(ACCOUNT, 4)] * 2
