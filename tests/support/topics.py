"""Topics of its own for each test."""

import asyncio
import secrets
from collections.abc import Mapping

from aiokafka.admin import AIOKafkaAdminClient, NewTopic

_VISIBLE_WITHIN = 15.0


class Topics:
    """Creates topics with unique names and deletes them at the end of a test.

    Args:
        admin: a started admin client, shared by the tests of a run.
    """

    def __init__(self, admin: AIOKafkaAdminClient) -> None:
        self._admin = admin
        self._made: list[str] = []

    async def __call__(
        self, partitions: int = 1, *, name: str = "topic", config: Mapping[str, str] | None = None
    ) -> str:
        """Create a topic and return its name once every partition has a leader.

        Args:
            partitions: how many.
            name: a word to begin the name with; the rest is random.
            config: Kafka's own topic settings.
        """
        topic = f"test.{name}.{secrets.token_hex(5)}"
        await self._make(topic, partitions, config or {})
        self._made.append(topic)
        return topic

    async def _make(self, topic: str, partitions: int, config: Mapping[str, str]) -> None:
        wanted = NewTopic(topic, partitions, 1, topic_configs=dict(config))
        answer = await self._admin.create_topics([wanted])
        for _, code, message in answer.topic_errors:
            assert code == 0, f"topic {topic} was refused: {code} {message}"
        async with asyncio.timeout(_VISIBLE_WITHIN):
            led = await self._is_led(topic, partitions)
            while not led:
                await asyncio.sleep(0.01)
                led = await self._is_led(topic, partitions)

    async def again(self, topic: str, partitions: int) -> None:
        """Delete a topic and make it anew, empty, under the same name; returns once it can be written."""
        await self._admin.delete_topics([topic])
        async with asyncio.timeout(_VISIBLE_WITHIN):
            while topic in await self._admin.list_topics():
                await asyncio.sleep(0.01)
        await self._make(topic, partitions, {})

    async def close(self) -> None:
        """Delete what was created."""
        if self._made:
            await self._admin.delete_topics(self._made)

    async def _is_led(self, topic: str, partitions: int) -> bool:
        (found,) = await self._admin.describe_topics([topic])
        leaders = [part["leader"] for part in found["partitions"]]
        return found["error_code"] == 0 and len(leaders) == partitions and min(leaders) >= 0
