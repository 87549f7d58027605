"""A consumer killed with -9 in the middle of its work, and started again."""

import asyncio
import sys
from pathlib import Path

from tests.contract.kafka.support import Broker, fresh, until

ROOT = Path(__file__).parents[3]


async def test_kill_and_restart(broker: Broker, tmp_path: Path) -> None:
    """After kill -9 between commit and knowing, a new process goes on: every record stored once, in order."""
    topic, group, file = await broker.topic(), fresh("group"), tmp_path / "copy"
    total = 150
    await broker.write(topic, *(b"%d" % n for n in range(total)))

    def lines() -> int:
        return file.read_bytes().count(b"\n") if file.exists() else 0

    async def start() -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.contract.kafka.file_consumer",
            broker.bootstrap,
            topic,
            group,
            file,
            cwd=ROOT,
        )

    for enough in (20, total):
        process = await start()
        try:
            await until(lambda: lines() >= enough, f"{enough} lines", 30)  # noqa: B023
        finally:
            process.kill()
            await process.wait()
        assert enough == total or lines() < total, "killed too late to prove anything"
    assert file.read_bytes() == b"".join(b"%d %d\n" % (n, n) for n in range(total))
