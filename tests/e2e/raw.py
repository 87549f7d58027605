"""Write to the log what none of our producers would."""

from collections.abc import Sequence

from aiokafka import AIOKafkaProducer


async def publish_raw(
    bootstrap: str,
    topic: str,
    partition: int,
    key: bytes | None,
    value: bytes | None,
    headers: Sequence[tuple[str, bytes]],
) -> int:
    """Write one record into a partition; its offset."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    try:
        written = await producer.send_and_wait(
            topic, value, key=key, partition=partition, headers=list(headers)
        )
        return int(written.offset)
    finally:
        await producer.stop()
