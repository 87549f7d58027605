"""What is in hand: turns between imports, room, forgetting, and the bookkeeping of chunks."""

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest

from services.common.records import TopicPartition
from services.provisioner.account import Stored
from services.provisioner.store.work import Chunk
from services.provisioner.work.desk import Desk, Item
from tests.unit.provisioner.accounts import PROJECT, account_id_of, new_account, stored


class Clock:
    """Seconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Now."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """At nought."""
    return Clock()


@pytest.fixture
def desk(clock: Clock) -> Desk:
    """An empty desk for ten calls at once."""
    return Desk(lease_seconds=10, concurrency=10, clock=clock)


def people(*numbers: int) -> list[Stored]:
    """Pending accounts."""
    return [stored(new_account(n)) for n in numbers]


def chunk(
    members: Sequence[Stored], *, import_: int = 1, partition: int = 0
) -> tuple[Chunk, Sequence[Stored]]:
    """A chunk of an import, as it was claimed."""
    ids = [member.account.account_id for member in members]
    return Chunk(uuid4(), partition, PROJECT.project_id, UUID(int=import_), ids), members


async def taken(desk: Desk, count: int) -> list[Item]:
    """The next items."""
    async with asyncio.timeout(5):
        return [await desk.take() for _ in range(count)]


def numbers(items: Sequence[Item]) -> list[int]:
    """Which people they are."""
    known = {account_id_of(n): n for n in range(1, 400)}
    return [known[item.stored.account.account_id] for item in items]


async def test_imports_take_turns(desk: Desk) -> None:
    """A large import that came first does not keep a small one waiting; each keeps its own order."""
    desk.put([chunk(people(1, 2, 3, 4, 5, 6), import_=1)])
    desk.put([chunk(people(11, 12), import_=2), chunk(people(21), import_=3)])
    assert numbers(await taken(desk, 9)) == [1, 11, 21, 2, 12, 3, 4, 5, 6]


async def test_an_empty_desk_waits_and_asks_for_more(desk: Desk) -> None:
    """Whoever takes waits until something is put, and says that it is worth looking."""
    desk.wanted.clear()
    waiting = asyncio.create_task(desk.take())
    await asyncio.sleep(0)
    assert desk.wanted.is_set()
    assert not waiting.done()
    desk.put([chunk(people(1))])
    async with asyncio.timeout(5):
        assert numbers([await waiting]) == [1]


async def test_room_is_twice_the_calls_and_shared(desk: Desk) -> None:
    """What is in hand counts until it is recorded; imports that wait share what is left; it is never negative."""
    assert desk.room().anybody == 20
    desk.put([chunk(people(*range(1, 9)))])
    items = await taken(desk, 8)
    assert desk.room().anybody == 12
    desk.imports_waiting = 3
    assert desk.room().anybody == 3
    desk.imports_waiting = 0
    desk.done(items[:5])
    assert desk.room().anybody == 17
    desk.put([chunk(people(*range(20, 60)))])
    assert desk.room().anybody == 0


async def test_room_grows_with_the_pace(desk: Desk, clock: Clock) -> None:
    """A second's work is kept in hand, up to a limit."""
    for _ in range(20):
        members = people(*range(1, 301))
        desk.put([chunk(members)])
        items = await taken(desk, 300)
        clock.now += 0.3
        desk.done(items)
    assert 900 <= desk.room().anybody <= 1000


async def test_a_chunk_ends_with_its_last_account(desk: Desk) -> None:
    """`finished` only says so, however often it is asked; `done` writes it down."""
    first, second = chunk(people(1, 2)), chunk(people(3))
    desk.put([first, second])
    a, b, c = await taken(desk, 3)
    assert desk.finished([a]) == []
    assert desk.finished([a, b]) == desk.finished([a, b]) == [first[0].chunk_id]
    desk.done([a])
    assert not desk.holds(a.stored.account.account_id)
    assert desk.holds(b.stored.account.account_id)
    assert desk.finished([b, c]) == [first[0].chunk_id, second[0].chunk_id]


async def test_forgetting_drops_what_waits_of_these_partitions_only(desk: Desk) -> None:
    """What is under way is remembered until it ends; what waits elsewhere is taken as if nothing had been."""
    mine, theirs = chunk(people(1, 2), partition=0), chunk(people(11, 12), partition=1)
    desk.put([mine, theirs])
    (under_way,) = await taken(desk, 1)
    desk.forget({0})
    assert desk.holds(account_id_of(1))
    assert not desk.holds(account_id_of(2))
    assert desk.holds(account_id_of(12))
    assert numbers(await taken(desk, 2)) == [11, 12]
    assert desk.finished([under_way]) == []
    desk.done([under_way])
    assert not desk.holds(account_id_of(1))


async def test_a_forgotten_chunk_that_is_claimed_again_is_counted_anew(desk: Desk) -> None:
    """The call from before belongs to the old chunk: it neither ends the new one nor takes it away."""
    members = people(1, 2, 3)
    claimed, _ = chunk(members)
    desk.put([(claimed, members)])
    (old,) = await taken(desk, 1)
    desk.forget({0})
    desk.put([(claimed, members[1:])])
    two, three = await taken(desk, 2)
    assert desk.finished([old, two]) == []
    desk.done([old, two])
    assert desk.finished([three]) == [claimed.chunk_id]
    desk.done([three])
    assert desk.room().anybody == 20


def test_partitions_are_live_once_read_to_the_end_seen_at_assignment(desk: Desk) -> None:
    """Not a record before; a partition nobody gave us never is."""
    here, there, foreign = (TopicPartition("log", n) for n in range(3))
    desk.follow(ends=lambda: {here: 10, there: 5}, caught_up=lambda p: p == there)
    desk.assign([here, there])
    assert desk.live == {1}
    assert desk.live_after({here: (0, 9), foreign: (0, 99)}) == {1}
    assert desk.live_after({here: (9, 10)}) == {0, 1}
    assert desk.live == {1}
    desk.wanted.clear()
    desk.now_live({0, 1})
    assert desk.live == {0, 1}
    assert desk.wanted.is_set()
    desk.forget({1})
    assert desk.live == {0}
    desk.assign([here])
    assert desk.live == frozenset()


async def test_what_a_stopped_import_waits_for_is_pulled_out(desk: Desk) -> None:
    """All of it that nobody can have called for, at once; what is under way and others' work stay."""
    mine, held_before, theirs = people(1, 2, 3), people(4), people(11)
    import_id = mine[0].account.creator.import_id
    fresh = Chunk(uuid4(), 0, PROJECT.project_id, import_id, [m.account.account_id for m in mine])
    other = Chunk(
        uuid4(), 0, PROJECT.project_id, import_id, [m.account.account_id for m in held_before], fresh=False
    )
    desk.put([(fresh, mine)])
    await taken(desk, 1)
    desk.put([(other, held_before), chunk(theirs, import_=2)])
    pulled = desk.pull({import_id, uuid4()})
    assert numbers(pulled) == [2, 3]
    assert desk.holds(account_id_of(2))
    assert sorted(numbers(await taken(desk, 2))) == [4, 11]
    desk.done(pulled)
    assert not desk.holds(account_id_of(2))


async def test_forgetting_tells_what_nobody_touched(desk: Desk) -> None:
    """Such a chunk is as good as new; one that was begun, or held by somebody before, is not."""
    begun, waiting = chunk(people(1, 2)), chunk(people(3, 4), import_=2)
    second_hand = Chunk(uuid4(), 0, PROJECT.project_id, UUID(int=3), [account_id_of(5)], fresh=False)
    desk.put([begun, waiting, (second_hand, people(5))])
    await taken(desk, 1)
    assert desk.forget({0}) == {waiting[0].chunk_id}


def in_project(members: Sequence[Stored], *, project: int, import_: int) -> tuple[Chunk, Sequence[Stored]]:
    """A chunk of an import of a project."""
    ids = [member.account.account_id for member in members]
    return Chunk(uuid4(), 0, UUID(int=project), UUID(int=import_), ids), members


async def test_projects_take_turns_and_within_them_imports(desk: Desk) -> None:
    """One import of a project has as many turns as all imports of another together."""
    desk.put(
        [in_project(people(1, 2, 3), project=1, import_=1), in_project(people(11, 12), project=1, import_=2)]
    )
    desk.put([in_project(people(21, 22, 23), project=2, import_=3)])
    assert numbers(await taken(desk, 8)) == [1, 21, 11, 22, 2, 23, 12, 3]


def test_room_is_kept_for_newcomers(desk: Desk) -> None:
    """A full desk has no room for those who have work on it, some for other imports, more for other projects."""
    chunks = [in_project(people(*range(1, 31)), project=1, import_=1)]
    desk.put(chunks)
    room = desk.room()
    assert (room.anybody, room.new_imports) == (0, 10)
    assert room.new_projects > 1000
    assert room.in_hand == {(UUID(int=1), UUID(int=1)): 30}
