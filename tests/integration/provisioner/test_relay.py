"""The relay over real tables: in order, nothing forgotten unconfirmed, nothing late passed over."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager

import pytest

from schemas.codec import Encoded
from services.common.database import Pool, transaction
from services.common.records import Message
from services.provisioner.relay import Relay
from services.provisioner.settled import Settled
from services.provisioner.steps import Step
from services.provisioner.store import outbox
from tests.support.waiting import until

LIVE = frozenset({0, 1, 2})


class Paper:
    """A log on paper: what was published per partition; partitions in `slow` are confirmed only once let go."""

    def __init__(self) -> None:
        self.written: defaultdict[int, list[int]] = defaultdict(list)
        self.slow: dict[int, asyncio.Event] = {}

    async def publish(self, _: str, messages: Collection[Message], *, each: Callable[[int], None]) -> None:
        """Write, and confirm."""
        for message in messages:
            self.written[message.partition or 0].append(int(message.value))
        partitions = {message.partition or 0 for message in messages}
        await asyncio.sleep(0)
        for partition in partitions - self.slow.keys():
            each(partition)
        for partition in partitions & self.slow.keys():
            await self.slow[partition].wait()
            each(partition)


@asynccontextmanager
async def relaying(
    pool: Pool, log: Paper, reached: Callable[[Step], None] = lambda _: None
) -> AsyncIterator[tuple[Relay, asyncio.Task[None]]]:
    """A relay at work until the end of the block."""
    relay = Relay(pool=pool, producer=log, topic="log", live=lambda: LIVE, reached=reached)
    task = asyncio.create_task(relay.run())
    try:
        yield relay, task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def fact(number: int) -> Encoded:
    """A record for the log."""
    return Encoded(b"key", b"%d" % number, [("ce_id", b"%d" % number)])


async def add(pool: Pool, *facts: tuple[int, int]) -> None:
    """Decide facts: partitions and numbers."""
    async with transaction(pool) as connection:
        await outbox.add(connection, [(partition, fact(number)) for partition, number in facts])


async def empty(pool: Pool) -> bool:
    """Whether nothing waits any more."""
    return not await pool.fetchval("SELECT count(*) FROM outbox")


async def test_what_was_sent_and_not_forgotten_is_sent_again_in_order(pool: Pool) -> None:
    """The process ends between confirmation and deletion: the next one publishes the same facts, all, in order."""
    log = Paper()
    await add(pool, (0, 1), (0, 2))
    await add(pool, (0, 3))

    def killed(_: Step) -> None:
        raise RuntimeError("killed")

    async with relaying(pool, log, killed) as (_, task):
        with pytest.raises(RuntimeError, match="killed"):
            await asyncio.wait_for(task, 5)
    assert not await empty(pool)
    async with relaying(pool, log):
        await until(lambda: empty(pool), "an empty outbox")
    assert log.written[0] == [1, 2, 3, 1, 2, 3]


async def test_a_late_commit_with_a_lower_id_is_not_passed_over(pool: Pool) -> None:
    """Later ids went out long ago and the relay no longer reads from the bottom: the late batch still goes out."""
    log = Paper()
    async with relaying(pool, log) as (relay, _):
        late = await pool.acquire()
        held = late.transaction()
        await held.start()
        await outbox.add(late, [(0, fact(1))])
        await add(pool, (0, 2), (1, 3))
        relay.wake()
        await until(lambda: empty(pool), "an empty outbox")
        settled = Settled()
        settled.cover(LIVE)
        for _ in range(3):
            async with pool.acquire() as connection:
                await settled.look(connection)
        assert settled.id == 0
        await held.commit()
        await pool.release(late)
        await until(lambda: empty(pool), "an empty outbox")
        assert log.written == {0: [2, 1], 1: [3]}
        async with pool.acquire() as connection:
            await settled.look(connection)
            assert settled.id == await outbox.last_id(connection) == 3


async def test_what_is_settled_is_not_read_again_but_new_partitions_are(pool: Pool) -> None:
    """The id goes up to just below what still waits; a partition not asked for before counts from the start."""
    await add(pool, (0, 1), (1, 2))
    await add(pool, (2, 3), (2, 4))
    settled = Settled()
    async with pool.acquire() as connection:
        settled.cover(frozenset({1}))
        await settled.look(connection)
        (waiting,) = await outbox.next_batches(connection, [1], 10)
        assert settled.id == waiting.batch_id - 1
        await outbox.done(connection, [waiting.batch_id])
        await settled.look(connection)
        assert settled.id == await outbox.last_id(connection)
        settled.cover(frozenset({1, 2}))
        assert settled.id == 0
        await settled.look(connection)
        (waiting,) = await outbox.next_batches(connection, [1, 2], 10, after=settled.id)
        assert [int(message.value) for message in waiting.messages] == [3, 4]


async def test_a_slow_partition_holds_up_no_other(pool: Pool) -> None:
    """One partition is not confirmed: the others go out and are forgotten meanwhile, and it goes on where it was."""
    log = Paper()
    log.slow[0] = asyncio.Event()
    async with relaying(pool, log) as (relay, _):
        await add(pool, (0, 1), (1, 2))
        relay.wake()
        await until(lambda: _gone(pool, 1), "the quick partition")
        await add(pool, (0, 3), (1, 4), (2, 5))
        relay.wake()
        await until(lambda: _gone(pool, 1, 2), "the quick partitions")
        assert log.written == {0: [1], 1: [2, 4], 2: [5]}
        log.slow[0].set()
        await until(lambda: empty(pool), "an empty outbox")
    assert log.written[0] == [1, 3]


async def test_each_partition_is_in_order_whatever_is_under_way(pool: Pool) -> None:
    """Facts are decided while others are read, sent and forgotten: each once, in the order of their decisions."""
    log = Paper()
    async with relaying(pool, log) as (relay, _):
        for number in range(0, 600, 3):
            await add(pool, *((p, number + p) for p in LIVE))
            relay.wake()
        await until(lambda: empty(pool), "an empty outbox")
    assert log.written == {p: list(range(p, 600, 3)) for p in LIVE}


async def _gone(pool: Pool, *partitions: int) -> bool:
    query = "SELECT count(*) FROM outbox WHERE partition = ANY($1)"
    return not await pool.fetchval(query, list(partitions))
