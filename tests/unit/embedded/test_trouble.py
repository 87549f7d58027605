"""What a server says when it cannot start becomes a sentence with a stable code."""

from pathlib import Path

import pytest

from deploy.embedded import kafka_trouble, postgres_trouble
from deploy.embedded.errors import StackError

HOME, LOG = Path("data"), Path("server.log")


@pytest.mark.parametrize(
    ("said", "code", "quoted"),
    [
        ("java.io.IOException: No space left on device\n", "DISK_FULL", "data"),
        (
            "KafkaException: Socket server failed to bind to 127.0.0.1:9092: Address already in use.\n",
            "PORT_TAKEN",
            "port 9092",
        ),
        (
            "Failed to acquire lock on file .lock in data/topics. Another Kafka is using this directory.\n",
            "DATA_DIR_IN_USE",
            "data",
        ),
        ("java.nio.file.AccessDeniedException: data/topics/x\n", "NOT_WRITABLE", "data"),
        (
            "Exception in thread main org.apache.ConfigException: Invalid value never\n\tat org.apache.Main\n",
            "KAFKA_NOT_STARTED",
            "Invalid value never",
        ),
        ("", "KAFKA_NOT_STARTED", "nothing"),
    ],
)
def test_kafka(said: str, code: str, quoted: str) -> None:
    """Each known reason has its code; an unknown one is quoted without its trace."""
    error = kafka_trouble.explain(said, HOME, LOG)
    check(error, code, quoted)


@pytest.mark.parametrize(
    ("said", "code", "quoted"),
    [
        ("FATAL:  could not write lock file: No space left on device\n", "DISK_FULL", "data"),
        ('LOG:  could not bind IPv4 address "127.0.0.1": Address already in use\n', "PORT_TAKEN", "port"),
        ('FATAL:  lock file "postmaster.pid" already exists\n', "DATA_DIR_IN_USE", "data"),
        ("FATAL:  database files are incompatible with server\n", "DATA_DIR_OTHER_VERSION", "version"),
        ("FATAL:  could not open file: Permission denied\n", "NOT_WRITABLE", "data"),
        ('FATAL:  unrecognized configuration parameter "x"\n', "POSTGRES_NOT_STARTED", "unrecognized"),
        ("", "POSTGRES_NOT_STARTED", "nothing"),
    ],
)
def test_postgres(said: str, code: str, quoted: str) -> None:
    """Each known reason has its code; an unknown one is quoted."""
    check(postgres_trouble.explain(said, HOME, LOG), code, quoted)


def check(error: StackError, code: str, quoted: str) -> None:
    """A sentence of one line that says where to read more."""
    assert error.code == code
    assert quoted in error.sentence
    assert "\n" not in str(error)
    assert str(LOG) in str(error)
