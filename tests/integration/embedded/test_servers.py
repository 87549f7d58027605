"""A server's life: first start, use, stop, second start, and what may be in its way."""

import asyncio
import os
import socket
import stat
import time
from pathlib import Path

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.embedded.errors import StackError
from deploy.embedded.kafka import KafkaServer
from deploy.embedded.ports import kept_port
from deploy.embedded.postgres import PostgresServer
from deploy.embedded.postgres_place import discard
from deploy.embedded.reaper import Reaper


async def test_kafka_keeps_its_records_and_its_address(home: Path, warden: Reaper) -> None:
    """What was written before a stop is there after the next start, at the same address."""
    server = KafkaServer(home, warden)
    await server.start()
    address = server.bootstrap
    pid = server.pid
    assert pid is not None
    assert os.getpgid(pid) == pid, "a Ctrl-C in the terminal must not reach the broker"
    with pytest.raises(StackError) as second:
        await KafkaServer(home, warden, patience=0.1).start()
    assert second.value.code == "DATA_DIR_IN_USE"
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    await admin.create_topics([NewTopic("kept", 1, 1)])
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=address, acks="all") as producer:
        await producer.send_and_wait("kept", b"one", partition=0)
    began = time.monotonic()
    await server.stop()
    assert time.monotonic() - began < 5
    assert server.pid is None

    await server.start()
    try:
        assert server.bootstrap == address
        async with AIOKafkaConsumer(
            "kept", bootstrap_servers=address, auto_offset_reset="earliest"
        ) as consumer:
            record = await asyncio.wait_for(consumer.getone(), 30)
        assert record.value == b"one"
    finally:
        await server.stop()


async def test_postgres_keeps_its_rows_and_its_address(home: Path, warden: Reaper) -> None:
    """What was committed before a stop is there after the next start, at the same address."""
    server = PostgresServer(home, warden)
    await server.start()
    dsn = server.dsn
    pid = server.pid
    assert pid is not None
    assert os.getpgid(pid) == pid, "a Ctrl-C in the terminal must not reach the server"
    with pytest.raises(StackError) as second:
        await PostgresServer(home, warden, patience=0.1).start()
    assert second.value.code == "DATA_DIR_IN_USE"
    connection = await asyncpg.connect(dsn)
    await connection.execute("CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)")
    began = time.monotonic()
    await server.stop()
    assert time.monotonic() - began < 5, "an open connection does not hold up a stop"
    connection.terminate()

    await server.start()
    try:
        assert server.dsn == dsn
        connection = await asyncpg.connect(dsn)
        assert await connection.fetchval("SELECT n FROM kept") == 42
        await connection.close()
    finally:
        await server.stop()


async def test_postgres_lets_nobody_in_without_the_password(home: Path, warden: Reaper) -> None:
    """The password is made at random, kept where only the owner reads it, and is needed."""
    server = PostgresServer(home, warden)
    await server.start()
    try:
        password = (home / "password").read_text()
        assert stat.S_IMODE((home / "password").stat().st_mode) == 0o600
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(server.dsn.replace(password, "guess"))
    finally:
        await server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")
async def test_postgres_leaves_a_private_folder_private(home: Path, warden: Reaper) -> None:
    """Under root, in a folder its user cannot enter, the data lives elsewhere and no permission changes."""
    private = home / "private"
    private.mkdir(mode=0o700)
    server = PostgresServer(private / "postgres", warden)
    try:
        await server.start()
        warden.throw_away(private / "postgres" / "place")
        assert (private / "postgres" / "place").is_symlink()
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
        connection = await asyncpg.connect(server.dsn)
        assert await connection.fetchval("SELECT 1") == 1
        await connection.close()
    finally:
        await server.stop()
        data = (private / "postgres" / "place").resolve()
        discard(private / "postgres")
    assert not data.exists()


@pytest.mark.parametrize("server_class", [KafkaServer, PostgresServer])
async def test_a_wanted_port_that_is_taken_is_named(
    server_class: type[KafkaServer] | type[PostgresServer], home: Path, warden: Reaper
) -> None:
    """Somebody who asked for a port hears that another program has it, and nothing is left running."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        server = server_class(home, warden, port=port)
        with pytest.raises(StackError, match=str(port)) as refused:
            await server.start()
    assert refused.value.code == "PORT_TAKEN"
    assert server.pid is None


def test_a_port_from_last_time_that_is_taken_is_replaced(home: Path) -> None:
    """Nobody asked for that very port, so another one does."""
    memory = home / "ports.json"
    first = kept_port(memory, "kafka")
    assert kept_port(memory, "kafka") == first
    with socket.create_server(("127.0.0.1", first)):
        second = kept_port(memory, "kafka")
    assert second != first
    assert kept_port(memory, "kafka") == second


async def test_postgres_refuses_data_of_another_version(home: Path, warden: Reaper) -> None:
    """Data of another major version is left as it is, and both versions are named."""
    data = home / "place" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("16\n")
    (home / "password").write_text("secret")
    with pytest.raises(StackError, match=r"PostgreSQL 16; this is PostgreSQL 18") as refused:
        await PostgresServer(home, warden).start()
    assert refused.value.code == "DATA_DIR_OTHER_VERSION"


@pytest.mark.parametrize(
    ("made_by", "code"), [("99.0.0", "DATA_DIR_OTHER_VERSION"), ("a holiday album", "DATA_DIR_DAMAGED")]
)
async def test_kafka_refuses_data_it_cannot_read(made_by: str, code: str, home: Path, warden: Reaper) -> None:
    """Data of a newer Kafka, or of something else, is left as it is."""
    (home / "topics").mkdir()
    (home / "topics" / "meta.properties").write_text("version=1\n")
    (home / "kafka.version").write_text(made_by)
    with pytest.raises(StackError) as refused:
        await KafkaServer(home, warden).start()
    assert refused.value.code == code


async def test_a_file_in_the_place_of_the_data_folder_is_named(home: Path, warden: Reaper) -> None:
    """A data directory that cannot be one gives a sentence, not a trace."""
    (home / "file").write_text("")
    for server_class in (KafkaServer, PostgresServer):
        with pytest.raises(StackError, match="file") as refused:
            await server_class(home / "file", warden).start()
        assert refused.value.code == "NOT_WRITABLE"


async def test_kafka_that_cannot_start_quotes_its_reason(home: Path, warden: Reaper) -> None:
    """A broker that ends by itself is reported in its own words, with the name of its log."""
    server = KafkaServer(home, warden, settings={"log.retention.ms": "never"})
    with pytest.raises(StackError, match="never") as refused:
        await server.start()
    assert refused.value.log is not None
    assert refused.value.log.exists()


async def test_postgres_that_cannot_start_quotes_its_reason(home: Path, warden: Reaper) -> None:
    """A server that ends by itself is reported in its own words, with the name of its log."""
    server = PostgresServer(home, warden, settings={"shared_buffers": "1kB"})
    with pytest.raises(StackError, match="shared_buffers") as refused:
        await server.start()
    assert refused.value.code == "POSTGRES_NOT_STARTED"
    assert refused.value.log == home / "postgres.log"
