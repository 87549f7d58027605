"""A record the client library itself cannot read: it must end the process, never be passed over."""

from typing import Any

from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy

from tests.contract.kafka.support import Broker, LedgerHandler, consuming, fresh, until


class Unreadable(str):
    """A header key that goes out as bytes which are no UTF-8."""

    __slots__ = ()

    def encode(self, *_: Any) -> bytes:  # type: ignore[override]
        """Two bytes no decoder takes."""
        return b"\xff\xfe"


async def test_unreadable_header_key_ends_the_consumer(broker: Broker) -> None:
    """The watchdog's verdict says that the loop only fails and restarts; nothing behind the record is stored."""
    topic, group, handler = await broker.topic(), fresh("group"), LedgerHandler()
    await broker.write(topic, b"good")
    async with consuming(broker, topic, handler, group=group) as (consumer, _):
        await until(lambda: handler.ledger.rows, "the good one is stored")
        async with broker.writer() as writer:
            batch = writer.create_batch()
            batch._builder = _DefaultRecordBatchBuilderPy(2, 0, 0, -1, -1, 0, 10_000)
            batch.append(timestamp=None, key=b"k", value=b"poison", headers=[(Unreadable("xx"), b"v")])
            await (await writer.send_batch(batch, topic, partition=0))
        await broker.write(topic, b"behind")
        # Between a failure and the restart the loop is only ended; the next look finds it restarted.
        await until(lambda: "restarted" in (consumer.health().dead or ""), "dead")
        verdict = consumer.health().verdict(no_progress_s=60, no_contact_s=60)
        assert verdict is not None
        assert verdict.startswith("the consume loop failed and was restarted")
    assert handler.ledger.values() == [b"good"]
