"""A process that copies a topic's values to a file, to be killed: `python -m … BOOTSTRAP TOPIC GROUP FILE`."""

import asyncio
import os
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from services.common.consumer import LogConsumer
from services.common.records import PositionLost, Record, TopicPartition
from tests.contract.kafka.support import QUICK


class FileHandler:
    """Rows and position are one file: line n holds the record of offset n; one write is one transaction."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def _next(self) -> int:
        return self._path.read_bytes().count(b"\n") if self._path.exists() else 0

    async def positions(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        """Lines so far."""
        return dict.fromkeys(partitions, self._next())

    async def handle(self, records: Sequence[Record]) -> None:
        """Append lines."""
        if records[0].offset != self._next():
            raise PositionLost
        lines = b"".join(b"%d %s\n" % (r.offset, r.value) for r in records)
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            assert os.write(file, lines) == len(lines)
        finally:
            os.close(file)
        await asyncio.sleep(0.02)  # after the commit, before the consumer knows: where kills hurt

    async def assigned(self, partitions: Collection[TopicPartition]) -> None:
        """Nothing to do."""

    async def revoked(self, partitions: Collection[TopicPartition]) -> None:
        """Nothing to do."""


async def main(bootstrap: str, topic: str, group: str, path: str) -> None:
    """Consume until killed."""
    ended: asyncio.Future[BaseException] = asyncio.get_running_loop().create_future()
    consumer = LogConsumer(
        bootstrap=bootstrap,
        topics=[topic],
        group=group,
        handler=FileHandler(Path(path)),
        on_fatal=ended.set_result,
        max_records=3,
        tuning=QUICK,
    )
    await consumer.start()
    raise await ended


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
