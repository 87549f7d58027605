"""A site for each test, or an importer for a whole file of tests that do not get in each other's way."""

from collections.abc import AsyncIterator

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from deploy.provisioning.database import ROLES, Provisioned, provision_database
from deploy.provisioning.dsn import with_user
from tests.integration.importer.support import (
    LOG_PARTITIONS,
    KnownAccounts,
    Running,
    Site,
    make_site,
    running,
)
from tests.support.databases import Databases
from tests.support.topics import Topics


@pytest.fixture
async def site(kafka_bootstrap: str, service_database: Provisioned, topic_factory: Topics) -> Site:
    """Topics and database of one test, with its projects and tokens."""
    return await make_site(
        kafka_bootstrap,
        service_database.services["importer"],
        service_database.admin,
        await topic_factory(LOG_PARTITIONS, name="log"),
        await topic_factory(1, name="projects", config={"cleanup.policy": "compact"}),
    )


@pytest.fixture(scope="module")
async def shared_site(
    kafka_bootstrap: str, kafka_admin: AIOKafkaAdminClient, databases: Databases
) -> AsyncIterator[Site]:
    """Topics and database of one file of tests."""
    passwords = {role: f"test-{role}" for role in ROLES}

    async def prepare(dsn: str) -> None:
        await provision_database(dsn, dsn.rpartition("/")[2], passwords)

    topics = Topics(kafka_admin)
    template = await databases.template("services", prepare)
    async with databases.copy(template) as name:
        admin = databases.dsn(name)
        yield await make_site(
            kafka_bootstrap,
            with_user(admin, "importer", passwords["importer"]),
            admin,
            await topics(LOG_PARTITIONS, name="log"),
            await topics(1, name="projects", config={"cleanup.policy": "compact"}),
        )
    await topics.close()


@pytest.fixture(scope="module")
def accounts() -> KnownAccounts:
    """What the provisioner says to the importer of one file of tests."""
    return KnownAccounts()


@pytest.fixture(scope="module")
async def importer(shared_site: Site, accounts: KnownAccounts) -> AsyncIterator[Running]:
    """One importer for a file of tests."""
    async with running(
        shared_site, existing=accounts, changes={"blocked_domains": ["blocked.example"]}
    ) as one:
        yield one
