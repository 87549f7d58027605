"""A site for each test."""

import pytest

from deploy.provisioning.database import Provisioned
from tests.integration.importer.support import LOG_PARTITIONS, Site, make_site
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
