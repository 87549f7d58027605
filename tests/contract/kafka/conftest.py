"""The broker of this run, for all contract tests of Kafka."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.contract.kafka.support import Broker


@pytest.fixture(scope="session")
async def broker(kafka_bootstrap: str, kafka_admin: Any) -> AsyncIterator[Broker]:
    """A way to make topics and look into them; they are gone when the run ends."""
    broker = Broker(kafka_bootstrap, kafka_admin)
    yield broker
    await kafka_admin.delete_topics(broker.made)
