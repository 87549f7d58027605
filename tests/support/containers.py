"""The servers in containers, for sites that test against their own images.

``TEST_KAFKA_IMAGE`` and ``TEST_POSTGRES_IMAGE`` name other images that take the same environment variables
as the official ones.
"""

import gc
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from deploy.embedded.jars import KAFKA_VERSION
from deploy.embedded.ports import LOOPBACK, free_port

_READY_WITHIN = 90


@contextmanager
def kafka() -> Iterator[str]:
    """Run a broker in a container; skip the test where there is no container engine."""
    container_class = _engine()
    from testcontainers.core.wait_strategies import LogMessageWaitStrategy

    # A client is told the broker's address by the broker: it must be the one seen from outside. The broker itself
    # cannot be reached there, so it talks to itself (for transactions, say) over a listener of its own.
    port = free_port()
    settings = {
        "KAFKA_NODE_ID": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_LISTENERS": "PLAINTEXT://0.0.0.0:9092,INSIDE://127.0.0.1:9094,CONTROLLER://127.0.0.1:9093",
        "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://{LOOPBACK}:{port},INSIDE://127.0.0.1:9094",
        "KAFKA_INTER_BROKER_LISTENER_NAME": "INSIDE",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,INSIDE:PLAINTEXT",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@127.0.0.1:9093",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS": "4",
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        "KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS": "1000",
        "KAFKA_MESSAGE_MAX_BYTES": str(2 * 1024 * 1024),
    }
    container = container_class(os.environ.get("TEST_KAFKA_IMAGE", f"apache/kafka:{KAFKA_VERSION}"))
    # Not with_bind_ports, which takes no host address and would listen on every one.
    container.ports["9092/tcp"] = (LOOPBACK, port)
    for name, value in settings.items():
        container.with_env(name, value)
    container.waiting_for(LogMessageWaitStrategy("Kafka Server started").with_startup_timeout(_READY_WITHIN))
    with container:
        yield f"{LOOPBACK}:{port}"


@contextmanager
def postgres() -> Iterator[str]:
    """Run a PostgreSQL server in a container; skip the test where there is no container engine."""
    container_class = _engine()
    from testcontainers.core.wait_strategies import LogMessageWaitStrategy

    port = free_port()
    container = container_class(os.environ.get("TEST_POSTGRES_IMAGE", "postgres:18"))
    container.ports["5432/tcp"] = (LOOPBACK, port)
    container.with_env("POSTGRES_PASSWORD", "test")
    # Once for the server that sets the data up, once for the one that serves.
    ready = LogMessageWaitStrategy("database system is ready to accept connections", times=2)
    container.waiting_for(ready.with_startup_timeout(_READY_WITHIN))
    with container:
        yield f"postgresql://postgres:test@{LOOPBACK}:{port}/postgres"


def _engine() -> Any:
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.docker_client import DockerClient

    reason = ""
    with warnings.catch_warnings():
        # A client that finds nobody leaves its socket to the garbage collector: here, where it is harmless.
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            DockerClient().client.ping()
        except Exception as error:  # noqa: BLE001 - whatever the reason, there is no engine to use
            reason = f"TEST_STACK=testcontainers: no container engine answers ({type(error).__name__})"
        gc.collect()
    if reason:
        pytest.skip(reason)
    return DockerContainer
