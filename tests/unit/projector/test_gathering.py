"""Many askers, few reads."""

import asyncio
from collections.abc import Sequence

import pytest

from services.projector.core.gathering import Crowded, Gathered


class Database:
    """Answers a read when it is told to, and keeps what it was asked for."""

    def __init__(self) -> None:
        self.reads: list[list[str]] = []
        self.let: asyncio.Semaphore = asyncio.Semaphore(0)
        self.began = asyncio.Event()
        self.rows = {"a": 1, "b": 2}
        self.trouble: Exception | None = None

    async def read(self, keys: Sequence[str]) -> dict[str, int]:
        """What is there when the read is let through."""
        self.reads.append(sorted(keys))
        self.began.set()
        await self.let.acquire()
        if self.trouble is not None:
            raise self.trouble
        return {key: self.rows[key] for key in keys if key in self.rows}


async def asked(gathered: Gathered[str, int], *keys: str) -> list["asyncio.Task[int | None]"]:
    """Tasks that have asked and wait."""
    tasks = [asyncio.ensure_future(gathered.get(key)) for key in keys]
    await asyncio.sleep(0)
    return tasks


async def test_who_asks_during_a_read_is_answered_by_the_next_one() -> None:
    """All of them together, each key once; none by the read that was under way before."""
    database = Database()
    gathered = Gathered(database.read)
    first = await asked(gathered, "a")
    await database.began.wait()
    later = await asked(gathered, "a", "b", "a", "none")
    database.let.release()
    assert await asyncio.gather(*first) == [1]
    assert not any(task.done() for task in later)
    database.rows["a"] = 7
    database.let.release()
    assert await asyncio.gather(*later) == [7, 2, 7, None]
    assert database.reads == [["a"], ["a", "b", "none"]]


async def test_an_error_reaches_every_asker_and_no_later_one() -> None:
    """The next read is a new chance."""
    database = Database()
    gathered = Gathered(database.read)
    database.trouble = ConnectionResetError("gone")
    tasks = await asked(gathered, "a", "b", "a")
    database.let.release()
    assert [type(e) for e in await asyncio.gather(*tasks, return_exceptions=True)] == [
        ConnectionResetError
    ] * 3
    database.trouble = None
    database.let.release()
    assert await gathered.get("a") == 1


async def test_one_who_goes_away_takes_nobody_along() -> None:
    """Neither before its read nor during it; and nobody waits for it."""
    database = Database()
    gathered = Gathered(database.read)
    gone, stays = await asked(gathered, "a", "a")
    await database.began.wait()
    gone.cancel()
    also_gone, also_stays = await asked(gathered, "b", "b")
    also_gone.cancel()
    for _ in range(2):
        database.let.release()
    assert [await stays, await also_stays] == [1, 2]
    assert gone.cancelled()
    assert also_gone.cancelled()
    assert gathered._waiting == 0


async def test_reads_and_askers_are_bounded() -> None:
    """More keys than fit are read in turns; more askers than can wait are told so at once."""
    database = Database()
    gathered = Gathered(database.read, at_once=2, most_waiting=4)
    tasks = await asked(gathered, "a", "b", "c", "d")
    with pytest.raises(Crowded):
        await gathered.get("a")
    for _ in range(2):
        database.let.release()
    assert await asyncio.gather(*tasks) == [1, 2, None, None]
    assert database.reads == [["a", "b"], ["c", "d"]]


async def test_nobody_hangs_when_the_reading_is_ended() -> None:
    """A process that stops cancels its tasks: askers are cancelled, too."""
    database = Database()
    gathered = Gathered(database.read)
    tasks = await asked(gathered, "a", "b")
    await database.began.wait()
    later = await asked(gathered, "a")
    assert gathered._reader is not None
    gathered._reader.cancel()
    found = await asyncio.gather(*tasks, *later, return_exceptions=True)
    assert all(isinstance(error, asyncio.CancelledError) for error in found)
