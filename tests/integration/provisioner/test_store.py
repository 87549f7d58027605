"""Accounts, work and outbox as tables: what goes in comes out, versions and leases guard, turns are fair."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.codec import Encoded
from schemas.facts import ClaimRef, IfExists
from services.common.database import Connection, Pool, transaction
from services.common.records import Message
from services.provisioner.account import (
    Account,
    Change,
    Closed,
    Closing,
    Erred,
    How,
    Ok,
    OpenClaim,
    Order,
    OtherClaim,
    Pending,
    Stored,
    Unwanted,
)
from services.provisioner.store import accounts, outbox, work
from services.provisioner.store.work import Chunk, Lease, Room
from tests.support.facts import of_model

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
PROJECT = UUID(int=7)
ORDER = Order("ada@example.org", "course", "manager", NOW.date(), b'{"email":"ada@example.org"}')

_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
_MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
_NUMBERS = st.integers(0, 2**31 - 1)
_STANDINGS = st.one_of(
    st.builds(
        Pending, _NUMBERS, st.none() | _MOMENTS, st.none() | _TEXT, st.booleans(), st.integers(0, 2**15 - 1)
    ),
    st.builds(Ok, _TEXT),
    st.builds(Erred, _TEXT, _NUMBERS, st.booleans()),
    st.builds(
        Closing,
        st.none() | _TEXT,
        _NUMBERS,
        st.none() | _MOMENTS,
        st.none() | _TEXT,
        st.integers(0, 2**15 - 1),
    ),
    st.just(Closed()),
    st.just(Unwanted()),
)
_CLAIMS = of_model(ClaimRef)
_ORDERS = st.builds(Order, st.just(ORDER.email), _TEXT, _TEXT, st.none() | st.dates(), st.binary(max_size=20))
_ACCOUNTS = st.builds(
    Account,
    account_id=st.uuids(),
    project_id=st.just(PROJECT),
    creator=_CLAIMS,
    order=_ORDERS,
    standing=_STANDINGS,
    version=st.integers(1, 2**31 - 1),
    life=st.integers(1, 2**15 - 1),
    series=st.integers(1, 2**15 - 1),
    open_claims=st.lists(st.builds(OpenClaim, _CLAIMS, of_model(IfExists), _ORDERS), max_size=3).map(tuple),
    others=st.lists(
        st.builds(OtherClaim, _CLAIMS, st.sampled_from(How), st.none() | _ORDERS), min_size=1, max_size=3
    ).map(tuple),
    place=st.integers(0, 3),
    kept=st.booleans(),
)


def new(account_id: UUID, creator: ClaimRef) -> Stored:
    """An account as it is first inserted."""
    return Stored(Account(account_id, PROJECT, creator, ORDER), 3)


def creator(row: int = 1) -> ClaimRef:
    """A claim."""
    return ClaimRef(request_id=uuid4(), import_id=uuid4(), row=row)


async def load(pool: Pool, account_id: UUID) -> Stored:
    """One account as it is stored."""
    async with transaction(pool) as connection:
        return (await accounts.load(connection, [account_id]))[account_id]


async def test_accounts_come_back_as_they_were(pool: Pool) -> None:
    """Whatever an account may be: inserted, rewritten, loaded, it is the same, with its order and partition."""
    examples: list[Account] = []

    @settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
    @given(_ACCOUNTS)
    def collect(account: Account) -> None:
        examples.append(account)

    collect()
    wanted = {account.account_id: account for account in examples}
    async with transaction(pool) as connection:
        fresh = [new(account.account_id, account.creator) for account in wanted.values()]
        await accounts.insert_new(connection, fresh)
        assert await accounts.load(connection, wanted) == {one.account.account_id: one for one in fresh}
        changes = [Change(one.account, wanted[one.account.account_id]) for one in fresh]
        assert await accounts.rewrite(connection, changes) == set(wanted)
        found = await accounts.load(connection, [*wanted, uuid4()])
    assert found == {key: Stored(account, 3) for key, account in wanted.items()}


async def test_outcomes_are_recorded_on_the_expected_version_only(pool: Pool) -> None:
    """One that was decided on an older account returns nothing and changes nothing; claims are left alone."""
    first = new(uuid4(), creator())
    claimed = Account(
        first.account.account_id,
        PROJECT,
        first.account.creator,
        ORDER,
        version=1,
        open_claims=(OpenClaim(creator(2), IfExists(), ORDER),),
        others=(OtherClaim(creator(3), How.MET),),
    )
    stale = Change(
        first.account, Account(claimed.account_id, PROJECT, claimed.creator, ORDER, Ok("stale"), version=1)
    )
    fresh = Change(
        claimed, Account(claimed.account_id, PROJECT, claimed.creator, ORDER, Ok("ada"), version=2)
    )
    async with transaction(pool) as connection:
        await accounts.insert_new(connection, [first])
        assert await accounts.rewrite(connection, [Change(first.account, claimed)]) == {claimed.account_id}
        assert await accounts.record(connection, [stale]) == set()
        assert await accounts.rewrite(connection, [stale]) == set()
        assert (await accounts.load(connection, [claimed.account_id]))[claimed.account_id].account == claimed
        assert await accounts.record(connection, [fresh]) == {claimed.account_id}
        assert await accounts.record(connection, [fresh]) == set()
        assert await accounts.states(connection, [claimed.account_id, uuid4()]) == {claimed.account_id: 2}
    after = (await load(pool, claimed.account_id)).account
    assert (after.standing, after.version) == (Ok("ada"), 2)
    assert (after.open_claims, after.others) == (claimed.open_claims, claimed.others)


def chunks(
    import_id: UUID,
    count: int,
    *,
    size: int = 200,
    partitions: Sequence[int] = (0,),
    project_id: UUID = PROJECT,
) -> list[Chunk]:
    """An import's accounts, in chunks over its partitions."""
    per_partition = Counter(partitions[n % len(partitions)] for n in range(count))
    return [
        Chunk(
            uuid4(),
            partition,
            project_id,
            import_id,
            [uuid4() for _ in range(min(size, accounts_here - start))],
        )
        for partition, accounts_here in per_partition.items()
        for start in range(0, accounts_here, size)
    ]


def lease(owner: UUID, seconds: float = 10) -> Lease:
    """A lease from now on."""
    return Lease(owner, NOW + timedelta(seconds=seconds))


async def claim(
    connection: Connection,
    owner: UUID,
    *,
    at: float = 0,
    room: int | Room = 10_000,
    partitions: Sequence[int] = (0,),
) -> list[Chunk]:
    """Claim some seconds from now, for ten seconds; with the same room for everybody if it is a number."""
    return await work.claim(
        connection,
        partitions,
        now=NOW + timedelta(seconds=at),
        room=room if isinstance(room, Room) else Room(room, room, room, {}),
        lease=lease(owner, at + 10),
    )


@pytest.mark.parametrize("partitions", [(0,), tuple(range(12))], ids=["one partition", "twelve"])
async def test_a_small_import_does_not_wait_for_a_large_one(pool: Pool, partitions: Sequence[int]) -> None:
    """1,000 rows came first, then ten: the first claim for twenty takes all ten."""
    large, small = uuid4(), uuid4()
    async with transaction(pool) as connection:
        await work.add(connection, chunks(large, 1000, size=10, partitions=partitions), due_at=NOW)
        await work.add(
            connection, chunks(small, 10, partitions=partitions), due_at=NOW + timedelta(seconds=1)
        )
        taken = await claim(connection, uuid4(), at=2, room=20, partitions=partitions)
    found = Counter[UUID]()
    for chunk in taken:
        found[chunk.import_id] += len(chunk.account_ids)
    assert found[small] == 10
    assert 10 <= found[large] <= 20


def per_import(taken: Sequence[Chunk]) -> Counter[UUID]:
    """How many accounts of each import were taken."""
    found = Counter[UUID]()
    for one in taken:
        found[one.import_id] += len(one.account_ids)
    return found


async def test_projects_take_turns_however_many_imports_they_have(pool: Pool) -> None:
    """Fifty imports of one project came first; one import of another gets half of what is taken."""
    large, other = uuid4(), uuid4()
    async with transaction(pool) as connection:
        for _ in range(50):
            await work.add(connection, chunks(uuid4(), 60, size=10, project_id=large), due_at=NOW)
        mine = chunks(other, 200, size=10, project_id=uuid4())
        await work.add(connection, mine, due_at=NOW + timedelta(seconds=1))
        taken = per_import(await claim(connection, uuid4(), at=2, room=200))
    assert taken.pop(other) == 100
    assert sum(taken.values()) == 100
    assert set(taken.values()) == {10}


async def test_what_is_in_hand_counts_as_a_turn(pool: Pool) -> None:
    """Chunks of one size, room for one: who has less in hand is next, though the other's are older."""
    first, second, third = uuid4(), uuid4(), uuid4()
    project, another = uuid4(), uuid4()
    async with transaction(pool) as connection:
        await work.add(connection, chunks(first, 60, size=20, project_id=project), due_at=NOW)
        later = NOW + timedelta(seconds=1)
        await work.add(connection, chunks(second, 60, size=20, project_id=project), due_at=later)
        await work.add(connection, chunks(third, 60, size=20, project_id=another), due_at=later)
        in_hand = {(project, first): 25, (another, third): 45}
        (taken,) = await claim(connection, uuid4(), at=2, room=Room(1, 1, 1, in_hand))
        assert taken.import_id == second
        in_hand[project, second] = 21
        (taken,) = await claim(connection, uuid4(), at=2, room=Room(1, 1, 1, in_hand))
        assert taken.import_id == third


async def test_newcomers_need_not_wait_for_room(pool: Pool) -> None:
    """No room is left for those who have work in hand; an import, or a project, with none still gets some."""
    old, new, newest = uuid4(), uuid4(), uuid4()
    project = uuid4()
    async with transaction(pool) as connection:
        await work.add(connection, chunks(old, 40, size=10, project_id=project), due_at=NOW)
        await work.add(connection, chunks(new, 40, size=10, project_id=project), due_at=NOW)
        await work.add(connection, chunks(newest, 40, size=10, project_id=uuid4()), due_at=NOW)
        in_hand = {(project, old): 500}
        taken = per_import(await claim(connection, uuid4(), room=Room(0, 0, 20, in_hand)))
        assert taken == {newest: 20}
        taken = per_import(await claim(connection, uuid4(), room=Room(0, 50, 50, in_hand)))
        assert taken == {newest: 20, new: 30}


async def test_room_bounds_a_claim(pool: Pool) -> None:
    """Chunks are taken until the room is filled, not one more; with none due, none."""
    async with transaction(pool) as connection:
        await work.add(connection, chunks(uuid4(), 1000, size=100), due_at=NOW)
        await work.add(connection, chunks(uuid4(), 5), due_at=NOW + timedelta(hours=1))
        owner = uuid4()
        assert sum(len(c.account_ids) for c in await claim(connection, owner, room=250)) == 300
        assert sum(len(c.account_ids) for c in await claim(connection, owner)) == 700
        assert await claim(connection, owner) == []
        assert await claim(connection, owner, partitions=[1, 2]) == []


async def test_a_leased_chunk_is_left_alone_until_its_lease_has_run_out(pool: Pool) -> None:
    """Born leased or claimed; renewed it stays; then anybody may take it."""
    (chunk,) = chunks(uuid4(), 3)
    dead, heir, another = uuid4(), uuid4(), uuid4()
    async with transaction(pool) as connection:
        await work.add(connection, [chunk], due_at=NOW, lease=lease(dead))
        assert await claim(connection, heir, at=9.9) == []
        assert await work.keep(connection, [chunk.chunk_id, uuid4()], lease(dead, 20)) == {chunk.chunk_id}
        assert await claim(connection, heir, at=19.9) == []
        assert await claim(connection, heir, at=20.1) == [replace(chunk, fresh=False)]
        assert await claim(connection, another, at=20.2) == []
        assert await work.keep(connection, [chunk.chunk_id], lease(dead, 40)) == set()
        await work.put_back(connection, [chunk.chunk_id], dead)
        assert await claim(connection, another, at=21) == []
        await work.put_back(connection, [chunk.chunk_id], heir)
        assert await claim(connection, another, at=21) == [replace(chunk, fresh=False)]


async def test_only_who_holds_a_chunk_finishes_it(pool: Pool) -> None:
    """A process that lost its lease deletes nothing of its heir's."""
    (chunk,) = chunks(uuid4(), 3)
    late, heir = uuid4(), uuid4()
    async with transaction(pool) as connection:
        await work.add(connection, [chunk], due_at=NOW, lease=lease(late))
        assert await claim(connection, heir, at=11) == [replace(chunk, fresh=False)]
        await work.finish(connection, [chunk.chunk_id], late)
        assert await connection.fetchval("SELECT count(*) FROM work") == 1
        await work.finish(connection, [chunk.chunk_id], heir)
        assert await connection.fetchval("SELECT count(*) FROM work") == 0


async def test_what_is_released_can_be_taken_at_once(pool: Pool) -> None:
    """Of the named partitions, and of this owner only."""
    ours, other = chunks(uuid4(), 4, partitions=(0, 1))
    (theirs,) = chunks(uuid4(), 2)
    owner, neighbour, heir = uuid4(), uuid4(), uuid4()
    async with transaction(pool) as connection:
        await work.add(connection, [ours, other], due_at=NOW, lease=lease(owner))
        await work.add(connection, [theirs], due_at=NOW, lease=lease(neighbour))
        await work.release(connection, owner, [0])
        assert await claim(connection, heir, partitions=(0, 1)) == [replace(ours, fresh=False)]
        await work.release(connection, owner, [1], untouched=[other.chunk_id])
        assert await claim(connection, heir, partitions=(0, 1)) == [other]


async def test_two_copies_never_claim_the_same_chunk(pool: Pool) -> None:
    """While one claim is not committed the other takes what is left, without waiting."""
    async with transaction(pool) as connection:
        await work.add(connection, chunks(uuid4(), 400, size=100), due_at=NOW)
    async with transaction(pool) as one, transaction(pool) as other:
        first = await claim(one, uuid4(), room=150)
        second = await claim(other, uuid4())
    assert (len(first), len(second)) == (2, 2)
    assert not {c.chunk_id for c in first} & {c.chunk_id for c in second}


def fact(number: int) -> Encoded:
    """A record for the log."""
    return Encoded(b"key", b"%d" % number, [("ce_id", b"%d" % number)])


async def test_who_certainly_was_not_called_for(pool: Pool) -> None:
    """Only what waits in chunks nobody ever held: not what is held, was held, or is in no chunk at all."""
    people = [new(uuid4(), creator()) for _ in range(5)]
    waits, twice, held, was_held, nowhere = (one.account.account_id for one in people)
    import_id = uuid4()

    def chunk(*ids: UUID, fresh: bool = True) -> Chunk:
        return Chunk(uuid4(), 3, PROJECT, import_id, ids, fresh)

    async with transaction(pool) as connection:
        await accounts.insert_new(connection, people)
        await work.add(connection, [chunk(waits, twice, held), chunk(waits)], due_at=NOW)
        await work.add(connection, [chunk(twice, was_held, fresh=False)], due_at=NOW)
        await work.add(connection, [chunk(held)], due_at=NOW, lease=lease(uuid4()))
        assert await work.unheld(connection, [waits, twice, held, was_held, nowhere]) == {waits}
        assert await work.unheld(connection, []) == set()


async def test_the_outbox_gives_facts_in_the_order_they_were_decided(pool: Pool) -> None:
    """Per partition, oldest first, until they are confirmed."""
    async with transaction(pool) as connection:
        await outbox.add(connection, [(0, fact(1)), (1, fact(2)), (0, fact(3))])
        await outbox.add(connection, [(0, fact(4)), (2, fact(5))])
        await outbox.add(connection, [])
        assert await outbox.depth(connection) == 4
        batches = await outbox.next_batches(connection, [0, 1], limit=10)
        ids = [batch.batch_id for batch in batches]
        assert ids == sorted(ids)
        assert [m for batch in batches for m in batch.messages if m.partition == 0] == [
            Message(*fact(n), 0) for n in (1, 3, 4)
        ]
        assert [m.value for batch in batches for m in batch.messages if m.partition == 1] == [b"2"]
        (oldest,) = await outbox.next_batches(connection, [0], limit=1)
        assert [m.value for m in oldest.messages] == [b"1", b"3"]
        await outbox.done(connection, [oldest.batch_id])
        (left,) = await outbox.next_batches(connection, [0], limit=10)
        assert [m.value for m in left.messages] == [b"4"]
        assert await outbox.depth(connection) == 3
