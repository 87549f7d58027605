"""Topics on a real broker."""

import asyncio
import secrets
from dataclasses import replace

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from deploy.provisioning.errors import ProvisioningError
from deploy.provisioning.topics import provision_topics
from schemas.topics import Topic
from tests.support.topics import Topics

LASTING = {"retention.ms": "-1", "cleanup.policy": "delete"}


def _topics() -> list[Topic]:
    run = secrets.token_hex(4)
    return [
        Topic(f"test.log.{run}", 3, LASTING),
        Topic(f"test.projects.{run}", 1, {"cleanup.policy": "compact"}),
    ]


async def test_missing_topics_are_created_once(
    kafka_bootstrap: str, kafka_admin: AIOKafkaAdminClient
) -> None:
    """Also when two provisioners start together; a later run creates nothing."""
    topics = _topics()
    both = await asyncio.gather(*(provision_topics(kafka_bootstrap, topics) for _ in range(2)))
    assert sorted(name for created in both for name in created) == sorted(t.name for t in topics)
    assert await provision_topics(kafka_bootstrap, topics) == []
    found = await kafka_admin.describe_topics([t.name for t in topics])
    assert {t["topic"]: len(t["partitions"]) for t in found} == {t.name: t.partitions for t in topics}


async def test_another_partition_count_stops_the_start(kafka_bootstrap: str, topic_factory: Topics) -> None:
    """The key of an account fixes its partition, so nothing else of the list is created either."""
    there = Topic(await topic_factory(2), 12)
    missing = _topics()[1]
    with pytest.raises(ProvisioningError) as trouble:
        await provision_topics(kafka_bootstrap, [missing, there])
    assert trouble.value.code == "TOPIC_PARTITIONS"
    assert await provision_topics(kafka_bootstrap, [missing]) == [missing.name]


@pytest.mark.parametrize(
    "config", [{"retention.ms": "60000"}, {"retention.ms": "-1", "cleanup.policy": "compact"}]
)
async def test_a_log_that_forgets_stops_the_start(
    kafka_bootstrap: str, topic_factory: Topics, config: dict[str, str]
) -> None:
    """The log is the whole history: neither expiry nor compaction is let through."""
    name = await topic_factory(1, config=config)
    with pytest.raises(ProvisioningError) as trouble:
        await provision_topics(kafka_bootstrap, [Topic(name, 1, LASTING)])
    assert trouble.value.code == "TOPIC_EXPIRES"


async def test_an_operators_own_settings_stay(kafka_bootstrap: str, topic_factory: Topics) -> None:
    """Other settings of an existing topic are the operator's business."""
    topic = Topic(await topic_factory(1, config={"retention.ms": "60000"}), 1)
    assert await provision_topics(kafka_bootstrap, [replace(topic, config={"retention.ms": "5"})]) == []
