"""A parent to be killed: starts both servers in a folder, says so, and stops them when told to.

``python -m tests.integration.embedded.parent FOLDER`` writes one line of JSON and waits for its input to end.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

import asyncpg

from deploy.embedded.kafka import KafkaServer
from deploy.embedded.postgres import PostgresServer
from deploy.embedded.reaper import Reaper


async def main(folder: Path) -> None:
    """Be that parent."""
    warden = Reaper()
    kafka = KafkaServer(folder / "kafka", warden)
    postgres = PostgresServer(folder / "postgres", warden)
    await asyncio.gather(kafka.start(), postgres.start())
    connection = await asyncpg.connect(postgres.dsn)
    version = await connection.fetchval("SHOW server_version_num")
    await connection.close()
    said = {
        "uid": os.geteuid(),
        "kafka": kafka.pid,
        "postgres": postgres.pid,
        "reaper": warden.pid,
        "postgres_version": int(version),
    }
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    await asyncio.gather(kafka.stop(), postgres.stop())
    warden.close()


asyncio.run(main(Path(sys.argv[1])))
