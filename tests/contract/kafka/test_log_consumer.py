"""LogConsumer against a real broker: from stored positions, in order, each record until it is stored."""

import asyncio
from collections.abc import Sequence

from aiokafka import TopicPartition as KafkaPartition
from aiokafka.admin import RecordsToDelete

from services.common.consumer import LogConsumer
from services.common.records import LogDamaged, Record, TopicPartition
from tests.contract.kafka.support import QUICK, Broker, Ledger, LedgerHandler, consuming, fresh, until


async def test_reads_from_the_stored_position(broker: Broker) -> None:
    """The tables decide where reading starts, whatever the group committed."""
    topic, group = await broker.topic(2), fresh("group")
    await broker.write(topic, b"a", b"b", b"c")
    await broker.write(topic, b"x", b"y", partition=1)
    async with broker.reader(group_id=group) as other:
        other.assign([KafkaPartition(topic, 0)])
        await other.commit({KafkaPartition(topic, 0): 3})
    handler = LedgerHandler(Ledger({TopicPartition(topic, 0): 1}))
    async with consuming(broker, topic, handler, group=group) as (consumer, fatal):
        await until(lambda: len(handler.ledger.rows) == 4, "everything read")
        assert sorted(filter(None, handler.ledger.values())) == [b"b", b"c", b"x", b"y"]
        assert all(consumer.caught_up(p) for p in consumer.partitions)
        assert consumer.ends == {TopicPartition(topic, 0): 3, TopicPartition(topic, 1): 2}
        assert consumer.ready
        assert handler.calls[:2] == ["positions", "assigned [0, 1]"]
        assert fatal == []


async def test_records_come_raw(broker: Broker) -> None:
    """Empty and unreadable headers, a tombstone and a missing key arrive as they are, and nothing stops."""
    topic, handler = await broker.topic(), LedgerHandler()
    async with broker.writer() as writer:
        await writer.send_and_wait(topic, b"v", None, headers=[("none", None), ("bytes", b"\xff"), ("", b"")])
        await writer.send_and_wait(topic, None, b"tombstone")
        await writer.send_and_wait(topic, b"", b"empty", headers=[("content-type", b"application/json")])
    async with consuming(broker, topic, handler):
        await until(lambda: len(handler.ledger.rows) == 3, "all three handled")
    odd, tombstone, empty = handler.ledger.rows
    assert odd.headers == (("none", None), ("bytes", b"\xff"), ("", b""))
    assert (odd.key, odd.value, odd.offset, odd.partition) == (None, b"v", 0, 0)
    assert (tombstone.key, tombstone.value) == (b"tombstone", None)
    assert (empty.key, empty.value) == (b"empty", b"")
    assert odd.timestamp_ms > 1_600_000_000_000


async def test_something_away_is_waited_for(broker: Broker) -> None:
    """Operational errors give the same records again, in order, after a pause with a stated reason."""
    topic = await broker.topic()
    await broker.write(topic, *(b"%d" % n for n in range(6)))
    tries: list[int] = []
    away = True

    async def unreachable(records: Sequence[Record]) -> None:
        tries.append(records[0].offset)
        if away:
            raise ConnectionRefusedError("no database")

    handler = LedgerHandler(before=unreachable)
    async with consuming(broker, topic, handler, max_records=4) as (consumer, fatal):
        await until(lambda: len(tries) >= 5, "tried again and again")
        await until(lambda: consumer.health().waiting_for is not None, "a reason is stated")
        assert "ConnectionRefusedError" in (consumer.health().waiting_for or "")
        assert consumer.health().verdict(no_progress_s=0, no_contact_s=60) is None
        away = False
        await until(lambda: len(handler.ledger.rows) == 6, "all handled after recovery")
        assert handler.ledger.values() == [b"%d" % n for n in range(6)]
        assert set(tries[:5]) == {0}
        assert fatal == []


async def test_a_bug_ends_the_consumer(broker: Broker) -> None:
    """An error nobody foresaw is tried three times, then told once, and nothing is stored or committed."""
    topic, group = await broker.topic(), fresh("group")
    await broker.write(topic, b"a")
    tries = 0

    async def wrong(_: Sequence[Record]) -> None:
        nonlocal tries
        tries += 1
        raise KeyError("a bug")

    handler = LedgerHandler(before=wrong)
    async with consuming(broker, topic, handler, group=group) as (consumer, fatal):
        await until(lambda: fatal, "told")
        assert tries == 3
        assert isinstance(fatal[0], KeyError)
        assert consumer.health().verdict(no_progress_s=60, no_contact_s=60) == "KeyError"
    assert len(fatal) == 1
    assert handler.ledger.rows == []
    assert await broker.committed(group, topic) is None


async def test_stray_cancellation_does_not_end_reading(broker: Broker) -> None:
    """A CancelledError nobody asked for is a failure like others, not the silent end of the loop."""
    topic, handler = await broker.topic(), LedgerHandler()
    tries = 0

    async def cancelled_once(_: Sequence[Record]) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise asyncio.CancelledError

    handler.before = cancelled_once
    await broker.write(topic, b"a")
    async with consuming(broker, topic, handler) as (consumer, fatal):
        await until(lambda: handler.ledger.rows, "handled at the second try")
        assert consumer.health().dead is None
        assert fatal == []


async def test_exit_inside_the_handler_is_told(broker: Broker) -> None:
    """SystemExit from a handler reaches `on_fatal`; FastStream alone would stop reading and live on."""
    topic, handler = await broker.topic(), LedgerHandler()

    async def leave(_: Sequence[Record]) -> None:
        raise SystemExit(3)

    handler.before = leave
    await broker.write(topic, b"a")
    async with consuming(broker, topic, handler) as (_, fatal):
        await until(lambda: fatal, "told")
        assert isinstance(fatal[0], SystemExit)


async def test_lost_position_is_read_again(broker: Broker) -> None:
    """When the tables were set back, the records come again from there, with no restart."""
    topic, handler = await broker.topic(), LedgerHandler()
    await broker.write(topic, b"a", b"b", b"c")
    async with consuming(broker, topic, handler) as (_, fatal):
        await until(lambda: len(handler.ledger.rows) == 3, "first reading")
        handler.ledger.positions.clear()
        handler.ledger.rows.clear()
        await broker.write(topic, b"d")
        await until(lambda: len(handler.ledger.rows) == 4, "read again from the beginning")
        assert handler.ledger.values() == [b"a", b"b", b"c", b"d"]
        assert fatal == []


async def test_pause_and_resume(broker: Broker) -> None:
    """Back-pressure stops handling with a stated reason, keeps membership, and loses nothing."""
    topic, handler = await broker.topic(), LedgerHandler()
    await broker.write(topic, b"a")
    async with consuming(broker, topic, handler) as (consumer, fatal):
        await until(lambda: handler.ledger.rows, "reading")
        consumer.pause("the queue is full")
        await broker.write(topic, b"b", b"c")
        await until(lambda: consumer.health().lag == 2, "the watch sees what lies ahead")
        assert consumer.health().waiting_for == "the queue is full"
        assert (await consumer.lag()) == {TopicPartition(topic, 0): 2}
        assert len(handler.ledger.rows) == 1
        consumer.resume()
        await until(lambda: len(handler.ledger.rows) == 3, "reading again")
        await until(lambda: consumer.health().lag == 0, "nothing ahead")
        assert consumer.health().waiting_for is None
        assert fatal == []


async def test_pause_outlasts_an_assignment(broker: Broker) -> None:
    """Who pauses before partitions are assigned gets them with positions known, and nothing is read."""
    topic, handler = await broker.topic(), LedgerHandler()
    await broker.write(topic, b"a", b"b")
    fatal: list[BaseException] = []
    consumer = LogConsumer(
        bootstrap=broker.bootstrap,
        topics=[topic],
        group=fresh("group"),
        handler=handler,
        on_fatal=fatal.append,
        tuning=QUICK,
    )
    consumer.pause("not yet")
    await consumer.start()
    try:
        await until(lambda: consumer.ready, "assigned")
        assert await consumer.lag() == {TopicPartition(topic, 0): 2}
        await until(lambda: consumer.health().waiting_for == "not yet", "the reason is stated")
        await broker.write(topic, b"c")
        await until(lambda: consumer.health().lag == 3, "a look at the ends")
        assert handler.ledger.rows == []
        consumer.resume()
        await until(lambda: len(handler.ledger.rows) == 3, "read at last")
        assert fatal == []
    finally:
        await consumer.stop()


async def test_group_offsets_are_a_hint(broker: Broker) -> None:
    """The group's committed offset follows what is stored, so that Kafka's tools show the lag."""
    topic, group, handler = await broker.topic(), fresh("group"), LedgerHandler()
    await broker.write(topic, b"a", b"b")
    async with consuming(broker, topic, handler, group=group):
        await until(lambda: len(handler.ledger.rows) == 2, "handled")
    assert await broker.committed(group, topic) == 2


async def test_missing_offsets_are_damage(broker: Broker) -> None:
    """A hole in the log stops the consumer before anything behind it is stored; a sparse topic may have it."""
    topic, handler = await broker.topic(), LedgerHandler()
    async with broker.writer(transactional_id=fresh("id")) as writer:
        async with writer.transaction():
            await writer.send_and_wait(topic, b"a")
        async with writer.transaction():  # the marker of the first takes offset 1
            await writer.send_and_wait(topic, b"b")
    async with consuming(broker, topic, handler) as (_, fatal):
        await until(lambda: fatal, "told")
        assert isinstance(fatal[0], LogDamaged)
        assert f"{topic}/0: offsets 1 to 1 are missing" in str(fatal[0])
        assert handler.ledger.values() == [b"a"]
    sparse = LedgerHandler()
    sparse.ledger.store = sparse.ledger.rows.extend  # type: ignore[method-assign, assignment]
    async with consuming(broker, topic, sparse, sparse_topics=[topic]) as (_, fatal):
        await until(lambda: sparse.ledger.values() == [b"a", b"b"], "both handled")
        assert fatal == []


async def test_deleted_records_are_damage(broker: Broker) -> None:
    """A log that begins after the position to read stops the consumer; a sparse topic goes on from there."""
    topic, handler = await broker.topic(), LedgerHandler()
    await broker.write(topic, b"a", b"b", b"c")
    await broker.admin.delete_records({KafkaPartition(topic, 0): RecordsToDelete(before_offset=2)})
    async with consuming(broker, topic, handler) as (_, fatal):
        await until(lambda: fatal, "told")
        assert "begins at offset 2, but 0 is to be read next" in str(fatal[0])
        assert handler.ledger.rows == []
    sparse = LedgerHandler(Ledger({TopicPartition(topic, 0): 2}))
    async with consuming(broker, topic, sparse, sparse_topics=[topic]) as (_, fatal):
        await until(lambda: sparse.ledger.values() == [b"c"], "the rest handled")
        assert fatal == []


async def test_log_shorter_than_what_was_read(broker: Broker) -> None:
    """A stored position beyond the end stops the consumer instead of waiting for ever."""
    topic = await broker.topic()
    await broker.write(topic, b"a")
    handler = LedgerHandler(Ledger({TopicPartition(topic, 0): 5}))
    async with consuming(broker, topic, handler) as (_, fatal):
        await until(lambda: fatal, "told")
        assert isinstance(fatal[0], LogDamaged)
        assert "ends at offset 1" in str(fatal[0])


async def test_topic_made_anew_while_reading(broker: Broker) -> None:
    """A topic deleted and made again under a running consumer is noticed, not read from offset 0."""
    topic, handler = await broker.topic(), LedgerHandler()
    await broker.write(topic, b"a", b"b", b"c")
    async with consuming(broker, topic, handler) as (_, fatal):
        await until(lambda: len(handler.ledger.rows) == 3, "reading")
        await broker.admin.delete_topics([topic])
        await broker.make(topic)
        await broker.write(topic, b"new")
        await until(lambda: fatal, "told", 30)
        assert isinstance(fatal[0], LogDamaged)
        assert handler.ledger.values() == [b"a", b"b", b"c"]
