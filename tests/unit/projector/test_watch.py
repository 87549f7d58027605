"""One watcher for all who wait for news of imports."""

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest

from services.projector.core.board import Board
from services.projector.core.gathering import Crowded
from services.projector.import_progress.query import Tag
from services.projector.push.watch import Watch
from tests.support.waiting import until

A, B = uuid4(), uuid4()
HERE = Tag(5, 2)


class Looks:
    """How far imports are, and what was asked."""

    def __init__(self) -> None:
        self.there = {A: HERE, B: HERE}
        self.asked: list[set[UUID]] = []
        self.trouble: list[Exception] = []

    async def __call__(self, import_ids: Sequence[UUID]) -> dict[UUID, Tag]:
        """Look."""
        self.asked.append(set(import_ids))
        if self.trouble:
            raise self.trouble.pop()
        return {import_id: self.there[import_id] for import_id in import_ids if import_id in self.there}


async def test_all_who_wait_share_one_look() -> None:
    """A thousand waiters, one statement; those without news wait on; one look takes place at once."""
    looks, board = Looks(), Board()
    watch = Watch(looks, board, look_every_s=60, least_gap_s=0)
    waiting = [asyncio.create_task(watch.news(A, HERE, within_s=30)) for _ in range(1000)]
    other = asyncio.create_task(watch.news(B, HERE, within_s=30))
    await until(lambda: _is(looks.asked == [{A, B}]), "the first look")
    looks.there[A] = Tag(6, 2)
    board.reached({})
    assert all(await asyncio.gather(*waiting))
    assert not other.done()
    watch.wake()
    assert await other
    assert len(looks.asked) == 2


async def test_news_of_other_copies_are_seen_by_looking_now_and_then() -> None:
    """Nothing moves in this process; the pause of an account service is news, too."""
    looks = Looks()
    watch = Watch(looks, Board(), look_every_s=0.01, least_gap_s=0)
    waiting = asyncio.create_task(watch.news(A, HERE, within_s=30))
    await until(lambda: _is(len(looks.asked) > 2), "looks")
    looks.there[A] = Tag(5, 3)
    assert await waiting


async def test_waiting_is_bounded_and_leaves_nothing_behind() -> None:
    """In time, and in number; an import that is not there has no news. Without waiters nobody looks."""
    looks = Looks()
    watch = Watch(looks, Board(), look_every_s=0.01, least_gap_s=0, most_waiting=1)
    assert not await watch.news(uuid4(), HERE, within_s=0.02)
    waiting = asyncio.create_task(watch.news(A, HERE, within_s=30))
    await until(lambda: _is(len(watch._waiting) == 1), "the waiter")
    with pytest.raises(Crowded):
        await watch.news(B, HERE, within_s=1)
    waiting.cancel()
    await until(lambda: _is(watch._watcher is None), "the watcher's end")
    assert not watch._waiting


async def test_a_database_that_is_away_is_waited_for_and_a_mistake_is_told() -> None:
    """Waiters do not notice the one; the other reaches all of them, and the next begins anew."""
    looks = Looks()
    watch = Watch(looks, Board(), look_every_s=0.01, least_gap_s=0)
    looks.trouble = [ConnectionResetError()]
    looks.there[A] = Tag(6, 2)
    assert await watch.news(A, HERE, within_s=30)
    looks.trouble = [ZeroDivisionError()]
    found = await asyncio.gather(
        *(watch.news(A, Tag(6, 2), within_s=30) for _ in range(3)), return_exceptions=True
    )
    assert [type(error) for error in found] == [ZeroDivisionError] * 3
    assert await watch.news(A, HERE, within_s=30)


async def _is(condition: bool) -> bool:
    return condition
