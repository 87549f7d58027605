"""A broker's first minute, played once so that Java can note which classes it needs."""

import asyncio
import logging
from pathlib import Path

from .kafka import KafkaServer
from .reaper import Reaper

_TOPIC = "rehearsal"


async def rehearse(scratch: Path, archive: Path) -> None:
    """Run a broker in ``scratch``, use it once as our services do, and let Java write ``archive`` at its end."""
    warden = Reaper()
    broker = KafkaServer(
        scratch / "kafka",
        warden,
        java_flags=[f"-XX:AOTCacheOutput={archive}"],
        ready_within=120,
        stop_within=120,
    )
    try:
        await broker.start()
        await asyncio.wait_for(_use(broker.bootstrap), 60)
    finally:
        await broker.stop()
        await asyncio.to_thread(warden.close)


async def _use(bootstrap: str) -> None:
    from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
    from aiokafka.admin import AIOKafkaAdminClient, NewTopic

    # A client's remarks on a broker seconds old would only worry the person who watches the set-up.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(_TOPIC, num_partitions=2, replication_factor=1)])
    finally:
        await admin.close()
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True, acks="all")
    await producer.start()
    try:
        await producer.send_and_wait(_TOPIC, b"one record")
    finally:
        await producer.stop()
    consumer = AIOKafkaConsumer(
        _TOPIC,
        bootstrap_servers=bootstrap,
        group_id=_TOPIC,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    await consumer.start()
    try:
        await consumer.getone()
        await consumer.commit()
    finally:
        await consumer.stop()
