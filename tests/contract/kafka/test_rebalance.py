"""Several LogConsumers in one group: partitions change hands without loss or double work."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from services.common.records import Record, TopicPartition
from tests.contract.kafka.support import QUICK, Broker, Ledger, LedgerHandler, consuming, fresh, until


async def test_batch_in_hand_ends_before_others_begin(broker: Broker) -> None:
    """A joining member gets partitions, and reads positions, only after the batch in hand was stored."""
    topic, group, ledger = await broker.topic(2), fresh("group"), Ledger()
    await broker.write(topic, b"a0", b"a1")
    await broker.write(topic, b"b0", b"b1", partition=1)
    taken, release = asyncio.Event(), asyncio.Event()
    order: list[str] = []

    async def hold(_: Sequence[Record]) -> None:
        taken.set()
        await release.wait()
        order.append("first stored")

    class Joining(LedgerHandler):
        async def positions(self, partitions):  # type: ignore[no-untyped-def]
            order.append("second asks")
            return await super().positions(partitions)

    first, second = LedgerHandler(ledger, hold), Joining(ledger)
    async with consuming(broker, topic, first, group=group) as (one, fatal_one):
        await taken.wait()
        joining = consuming(broker, topic, second, group=group)
        entering = asyncio.create_task(joining.__aenter__())
        await until(lambda: one.health().waiting_for is not None or not one.ready, "the rebalance began")
        assert order == []
        release.set()
        two, fatal_two = await entering
        await until(lambda: one.ready and two.ready, "both have their share")
        assert order[0] == "first stored"
        assert {len(one.partitions), len(two.partitions)} == {1}
        assert one.partitions.isdisjoint(two.partitions)
        await broker.write(topic, b"a2")
        await broker.write(topic, b"b2", partition=1)
        await until(lambda: len(ledger.rows) == 6, "all stored, each once")
        await joining.__aexit__(None, None, None)
        await until(lambda: one.ready and len(one.partitions) == 2, "the first takes all back")
        await broker.write(topic, b"b3", partition=1)
        await until(lambda: len(ledger.rows) == 7, "and reads on")
        assert fatal_one == fatal_two == []
    assert sorted(filter(None, ledger.values())) == [b"a0", b"a1", b"a2", b"b0", b"b1", b"b2", b"b3"]
    assert "revoked [0, 1]" in first.calls


async def test_late_batch_loses_by_compare_and_set(broker: Broker) -> None:
    """A batch that outlasts the drain is overtaken; it stores nothing, and its owner steps back in line."""
    topic, group, ledger = await broker.topic(1), fresh("group"), Ledger()
    await broker.write(topic, b"a", b"b")
    taken, release = asyncio.Event(), asyncio.Event()

    async def hold(_: Sequence[Record]) -> None:
        if not taken.is_set():
            taken.set()
            await release.wait()

    first, second = LedgerHandler(ledger, hold), LedgerHandler(ledger)
    impatient = replace(QUICK, rebalance_timeout_ms=1_000)
    async with (
        consuming(broker, topic, first, group=group, tuning=impatient) as (one, fatal_one),
    ):
        await taken.wait()
        async with consuming(broker, topic, second, group=group, tuning=impatient) as (two, fatal_two):
            await until(lambda: one.ready or two.ready or not one.partitions, "the drain ran out of time")
            ledger.store(await _read(broker, topic))  # a new owner stores what the first still holds
            release.set()
            await until(lambda: one.ready and two.ready, "both settled")
            await broker.write(topic, b"c")
            await until(lambda: len(ledger.rows) == 3, "read on by whoever owns it")
            assert ledger.values() == [b"a", b"b", b"c"]
            assert fatal_one == fatal_two == []


async def _read(broker: Broker, topic: str) -> list[Record]:
    rows = (await broker.everything(topic))[0]
    return [Record(r.topic, r.partition, r.offset, r.timestamp, r.key, r.headers, r.value) for r in rows]


async def test_members_come_and_go_under_load(broker: Broker) -> None:
    """Through joins and leaves while records arrive, every record is stored exactly once and in order."""
    topic, group, ledger = await broker.topic(4), fresh("group"), Ledger()
    total = 4 * 60

    async def load() -> None:
        async with broker.writer() as writer:
            for n in range(60):
                for partition in range(4):
                    await writer.send_and_wait(topic, b"%d" % n, b"k", partition=partition)

    loading = asyncio.create_task(load())
    async with consuming(broker, topic, LedgerHandler(ledger), group=group, max_records=7) as (one, fatal):
        for _ in range(3):
            async with consuming(broker, topic, LedgerHandler(ledger), group=group, max_records=5) as (
                two,
                fatal_two,
            ):
                await until(lambda: one.ready and two.ready and two.partitions, "joined")
                assert fatal_two == []
            await until(lambda: one.ready and len(one.partitions) == 4, "left")
        await loading
        await until(lambda: len(ledger.rows) >= total, "all stored")
        assert fatal == []
    for partition in range(4):
        offsets = [row.offset for row in ledger.rows if row.partition == partition]
        assert offsets == list(range(60))
    assert ledger.positions == {TopicPartition(topic, n): 60 for n in range(4)}
