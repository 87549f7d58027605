"""Create the topics that are missing; refuse to go on with one that would break the log."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import for_code

from deploy.provisioning.errors import ProvisioningError
from schemas.topics import TOPICS, Topic

_OK, _UNKNOWN_TOPIC, _ALREADY_EXISTS = 0, 3, 36
_SEEN_WITHIN = 15.0
_TICK = 0.02


async def provision_topics(
    bootstrap: str, topics: Sequence[Topic] = TOPICS, *, replication_factor: int = 1
) -> list[str]:
    """Make every topic exist with its partition count; return the names of those created.

    Partitions of an existing topic are never changed: the key of an account fixes its partition. Settings of
    an existing topic belong to the operator, except that a topic meant to last for ever must not expire.

    Raises:
        ProvisioningError: TOPIC_PARTITIONS, TOPIC_EXPIRES or TOPIC_NOT_SEEN.
        KafkaError: the cluster refuses or does not answer.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, client_id="course-accounts.provisioning")
    await admin.start()
    try:
        there = await _partition_counts(admin, topics)
        _check_partitions(topics, there)
        created = await _create(admin, [t for t in topics if t.name not in there], replication_factor)
        await _check_lasting(admin, [t for t in topics if t.name in there])
        await _wait_until_seen(admin, topics)
        return created
    finally:
        await admin.close()


async def _partition_counts(admin: AIOKafkaAdminClient, topics: Sequence[Topic]) -> dict[str, int]:
    found = await admin.describe_topics([t.name for t in topics])
    return {t["topic"]: len(t["partitions"]) for t in found if t["error_code"] == _OK}


def _check_partitions(topics: Collection[Topic], there: Mapping[str, int]) -> None:
    for topic in topics:
        count = there.get(topic.name, topic.partitions)
        if count != topic.partitions:
            raise ProvisioningError(
                "TOPIC_PARTITIONS",
                f"The topic {topic.name} has {count} partitions and must have {topic.partitions}.",
                "Its history would be read wrongly with another number: export it, and restore it into a new one.",
            )


async def _create(admin: AIOKafkaAdminClient, missing: Sequence[Topic], replication_factor: int) -> list[str]:
    if not missing:
        return []
    answer = await admin.create_topics(
        [NewTopic(t.name, t.partitions, replication_factor, topic_configs=dict(t.config)) for t in missing]
    )
    created = []
    for name, code, *rest in answer.topic_errors:
        if code == _OK:
            created.append(name)
        elif code != _ALREADY_EXISTS:  # another provisioner was quicker: then it is there
            raise for_code(code)(f"{name}: {rest[0] if rest else ''}")
    return created


async def _check_lasting(admin: AIOKafkaAdminClient, existing: Sequence[Topic]) -> None:
    lasting = [t.name for t in existing if t.config.get("retention.ms") == "-1"]
    if not lasting:
        return
    asked = [
        ConfigResource(ConfigResourceType.TOPIC, name, configs={"retention.ms": None, "cleanup.policy": None})
        for name in lasting
    ]
    for answer in await admin.describe_configs(asked):
        for _code, _message, _type, name, entries in answer.resources:
            settings: dict[str, Any] = {entry[0]: entry[1] for entry in entries}
            if settings.get("retention.ms") != "-1" or settings.get("cleanup.policy") != "delete":
                raise ProvisioningError(
                    "TOPIC_EXPIRES",
                    f"The topic {name} forgets its records (retention.ms={settings.get('retention.ms')}, "
                    f"cleanup.policy={settings.get('cleanup.policy')}), and it is the whole history.",
                    "Set retention.ms=-1 and cleanup.policy=delete on it before anything else runs.",
                )


async def _wait_until_seen(admin: AIOKafkaAdminClient, topics: Sequence[Topic]) -> None:
    """A topic is created by the controller a moment before the brokers' metadata names its leaders."""
    try:
        async with asyncio.timeout(_SEEN_WITHIN):
            while not await _all_led(admin, topics):  # noqa: ASYNC110 - another process's state
                await asyncio.sleep(_TICK)
    except TimeoutError:
        raise ProvisioningError(
            "TOPIC_NOT_SEEN",
            f"The topics were created, but {_SEEN_WITHIN:.0f} s later some partition has no leader.",
            "Look at the brokers' logs; the step may be repeated.",
        ) from None


async def _all_led(admin: AIOKafkaAdminClient, topics: Sequence[Topic]) -> bool:
    found = {t["topic"]: t for t in await admin.describe_topics([t.name for t in topics])}
    return all(
        found[t.name]["error_code"] == _OK
        and len(found[t.name]["partitions"]) == t.partitions
        and all(p["leader"] >= 0 for p in found[t.name]["partitions"])
        for t in topics
    )
