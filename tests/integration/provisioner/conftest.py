"""A provisioner in this process, on the run's Kafka and PostgreSQL, with the account service beside it."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

import asyncpg
import pytest

from deploy.account_service.launch import LaunchedService
from services.common.database import Pool, migrate, open_pool
from services.provisioner.bootstrap import SCHEMA, Provisioner, bootstrap
from services.provisioner.retry import RetryPolicy, Rule
from services.provisioner.settings import ProvisionerSettings
from tests.integration.provisioner.in_hand import Copy
from tests.support.log import Log
from tests.support.topics import Topics

if TYPE_CHECKING:
    from deploy.provisioning.database import Provisioned

Start = Callable[..., AbstractAsyncContextManager[Provisioner]]

QUICK = RetryPolicy(
    {
        "TARGET_UNREACHABLE": Rule(first=0.05, cap=0.5, attempts=None),
        "TARGET_BUSY": Rule(first=0.05, cap=0.5, attempts=None),
        "TARGET_UNCERTAIN": Rule(first=0.05, cap=0.5, attempts=8),
        "CLOSE_UNREACHABLE": Rule(first=0.05, cap=0.5, attempts=None),
        "CLOSE_BUSY": Rule(first=0.05, cap=0.5, attempts=None),
        "CLOSE_UNCERTAIN": Rule(first=0.05, cap=0.5, attempts=20),
        "CLOSE_REFUSED": Rule(first=0.05, cap=0.5, attempts=3),
    }
)


@pytest.fixture(scope="session")
def account_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LaunchedService]:
    """The simulated account service, as a process of its own."""
    with LaunchedService(tmp_path_factory.mktemp("account-service"), slow_seconds=0.2) as running:
        yield running


@pytest.fixture
async def log(kafka_bootstrap: str, topic_factory: Topics) -> Log:
    """A log of twelve partitions that only this test uses."""
    return Log(kafka_bootstrap, await topic_factory(12, name="log"))


@pytest.fixture
def start(log: Log, account_service: LaunchedService, service_database: "Provisioned") -> Start:
    """Starts a provisioner; call it again for another copy, or after the first has stopped."""

    def make(*, policy: RetryPolicy = QUICK, **changes: object) -> AbstractAsyncContextManager[Provisioner]:
        settings = ProvisionerSettings(
            **{
                "kafka": log.bootstrap,
                "postgres": service_database.services["provisioner"],
                "internal_token": "only-for-tests-internal",
                "log_topic": log.topic,
                "projects_topic": "",
                "group": f"group.{log.topic}",
                "account_service_url": account_service.accounts_url,
                "account_service_token_url": account_service.token_url,
                "account_service_client_secret": "only-for-tests",
                "lease_seconds": 2.0,
                "concurrency": 16,
                "pool_size": 4,
                **changes,
            }  # type: ignore[arg-type]
        )
        return bootstrap(settings, policy=policy)

    return make


@pytest.fixture
async def tables(service_database: "Provisioned") -> AsyncIterator[asyncpg.Connection]:
    """A superuser's connection with the provisioner's schema first."""
    connection = await asyncpg.connect(service_database.admin, server_settings={"search_path": "provisioner"})
    yield connection
    await connection.close()


@pytest.fixture
async def pool(service_database: "Provisioned") -> AsyncIterator[Pool]:
    """The provisioner's own connections to its empty tables."""
    pool = await open_pool(service_database.services["provisioner"], name="test", size=4, schema=SCHEMA)
    await migrate(pool, schema=SCHEMA, package="services.provisioner.sql.migrations")
    yield pool
    await pool.close()


@pytest.fixture
async def ours(pool: Pool) -> Copy:
    """A copy that owns the partition and has read all of it."""
    copy = Copy(pool)
    await copy.own()
    return copy
