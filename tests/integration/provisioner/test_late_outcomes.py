"""What ends after the account has changed: nobody's claim is lost, and what was made too late is closed."""

from uuid import UUID, uuid4

import pytest

from schemas.facts import AccountRequested
from services.common.database import Connection, transaction
from services.provisioner.account import close, told
from services.provisioner.account.outcome import Gone, Made
from services.provisioner.store import accounts
from services.provisioner.work.deciding import Decisions, Scribe
from services.provisioner.work.desk import Item
from tests.integration.provisioner.in_hand import HERE, NOW, Copy
from tests.support.log import project_snapshot, requested

PROJECT = project_snapshot()


def ada() -> AccountRequested:
    """Another import asks for the same account."""
    return requested(PROJECT, "ada@example.org", import_id=uuid4())


async def shut(ours: Copy, account_id: UUID) -> None:
    """A person closes it, whatever is under way."""
    scribe = Scribe(recorded=set(), decided=lambda: None, look=ours.desk.look)

    async def decide(connection: Connection) -> Decisions:
        stored = (await accounts.load(connection, [account_id]))[account_id]
        asked = close(stored.account, cause="request", author="eve", now=NOW, untouched=False)
        facts, after = told(stored.account, asked)
        decisions = Decisions()
        decisions.add(stored, facts, after)
        if after.needs_call:
            decisions.queue(stored, after, fresh=False)
        await scribe.write(connection, decisions, now=NOW)
        return decisions

    async with transaction(ours.pool) as connection:
        decisions = await decide(connection)
    scribe.tell(decisions)


async def next_item(ours: Copy) -> Item:
    """What is in hand once all that is due was claimed."""
    await ours.pool.execute("UPDATE work SET due_at = $1", NOW)
    await ours.claimer.step()
    (item,) = await ours.take(1)
    return item


async def successor(ours: Copy) -> Copy:
    """Another process takes the partition; what this one has called for ends whenever it ends."""
    await ours.intake.revoked([HERE])
    twin = Copy(ours.pool)
    await twin.own()
    return twin


async def how_it_is(ours: Copy) -> tuple[int, str | None]:
    """State and user name."""
    row = await ours.pool.fetchrow("SELECT state, username FROM accounts")
    assert row is not None
    return row["state"], row["username"]


@pytest.mark.parametrize("followers", [0, 1])
async def test_a_claim_that_came_during_the_call_that_closes_is_answered(ours: Copy, followers: int) -> None:
    """Given a close under way, when an import asks and then it is gone, then a new life begins for the import."""
    first = ada()
    await ours.read([first, *(ada() for _ in range(followers))])
    (item,) = await ours.take(1)
    await ours.recorder._record([(item, Made("ada"))])
    await shut(ours, first.account_id)
    closing = await next_item(ours)
    again = ada()
    await ours.read([again])
    await ours.recorder._record([(closing, Gone())])
    row = await ours.pool.fetchrow("SELECT state, life, import_id FROM accounts")
    assert row is not None
    assert tuple(row) == (1, 2, again.claim.import_id)
    assert (await next_item(ours)).stored.account.life == 2


async def test_made_after_it_was_looked_for_in_vain(ours: Copy) -> None:
    """Given a close while the call was under way, when that ends last, then the account is closed by its name."""
    first = ada()
    await ours.read([first])
    (call,) = await ours.take(1)
    await shut(ours, first.account_id)
    assert await how_it_is(ours) == (4, None)
    twin = await successor(ours)
    closing = await next_item(twin)
    await twin.recorder._record([(closing, Gone())])
    assert await how_it_is(ours) == (5, None)
    await ours.recorder._record([(call, Made("ada"))])
    assert await how_it_is(ours) == (4, "ada")
    await twin.recorder._record([(await next_item(twin), Gone())])
    assert await how_it_is(ours) == (5, None)


async def test_a_vain_look_from_before_it_was_made_closes_nothing(ours: Copy) -> None:
    """Given a look-up under way for a close, when the account is made meanwhile, then the look-up says nothing."""
    first = ada()
    await ours.read([first])
    (call,) = await ours.take(1)
    await shut(ours, first.account_id)
    twin = await successor(ours)
    looked = await next_item(twin)
    await ours.recorder._record([(call, Made("ada"))])
    await twin.recorder._record([(looked, Gone())])
    assert await how_it_is(ours) == (4, "ada")
    assert (await next_item(twin)).stored.account.standing != looked.stored.account.standing
