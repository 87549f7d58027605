"""What the shared fixtures promise to every test."""

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import UnknownTopicOrPartitionError

from deploy.provisioning.database import Provisioned
from tests.support.databases import Databases
from tests.support.topics import Topics


async def test_a_fresh_topic_takes_records_at_once(kafka_bootstrap: str, topic_factory: Topics) -> None:
    """A topic is ready when its name is handed out: nothing has to be tried twice."""
    topic = await topic_factory(partitions=3, config={"retention.ms": "-1"})
    async with AIOKafkaProducer(bootstrap_servers=kafka_bootstrap, enable_idempotence=True) as producer:
        sent = await producer.send_and_wait(topic, b"value", partition=2)
    assert (sent.partition, sent.offset) == (2, 0)


async def test_a_group_reads_what_was_written(kafka_bootstrap: str, fresh_topic: str) -> None:
    """Consumer groups work: the broker's own topics come with one node's replication."""
    async with AIOKafkaProducer(bootstrap_servers=kafka_bootstrap) as producer:
        await producer.send_and_wait(fresh_topic, b"value")
    consumer = AIOKafkaConsumer(
        fresh_topic, bootstrap_servers=kafka_bootstrap, group_id=fresh_topic, auto_offset_reset="earliest"
    )
    async with consumer:
        record = await consumer.getone()
    assert record.value == b"value"


async def test_a_topic_nobody_created_does_not_appear(kafka_admin: AIOKafkaAdminClient) -> None:
    """Asking for a topic does not make it: topics come from provisioning only."""
    unknown = "test.nobody-made-me"
    (answer,) = await kafka_admin.describe_topics([unknown])
    assert answer["error_code"] == UnknownTopicOrPartitionError.errno
    assert unknown not in await kafka_admin.list_topics()


async def test_a_fresh_database_is_empty_and_durable(fresh_database: str) -> None:
    """Tests run with the durability of production, in UTF-8, without a language's collation."""
    connection = await asyncpg.connect(fresh_database)
    try:
        assert await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
        assert await connection.fetchval("SHOW fsync") == "on"
        assert await connection.fetchval("SHOW server_encoding") == "UTF8"
        assert await connection.fetchval("SHOW server_version") >= "18"
    finally:
        await connection.close()


async def test_a_template_is_prepared_once(databases: Databases) -> None:
    """However many tests copy a template, it is filled once."""
    prepared = []

    async def prepare(dsn: str) -> None:
        prepared.append(dsn)
        connection = await asyncpg.connect(dsn)
        await connection.execute("CREATE TABLE filled (n int); INSERT INTO filled VALUES (42)")
        await connection.close()

    for _ in range(2):
        async with databases.copy(await databases.template("once", prepare)) as name:
            connection = await asyncpg.connect(databases.dsn(name))
            assert await connection.fetchval("SELECT n FROM filled") == 42
            await connection.close()
    assert len(prepared) == 1


async def test_services_have_their_roles(service_database: Provisioned) -> None:
    """A copy of the provisioned template lets each service in as itself, to its own schema."""
    for role, dsn in service_database.services.items():
        connection = await asyncpg.connect(dsn)
        try:
            await connection.execute(f"CREATE TABLE {role}.probe (n int)")
            assert await connection.fetchval("SELECT current_user") == role
        finally:
            await connection.close()
