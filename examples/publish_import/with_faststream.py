"""Ask for accounts over Kafka, with FastStream.

python with_faststream.py --kafka localhost:9092 --project UUID --key autumn-2026/algebra people.csv
"""

import argparse
import asyncio
from pathlib import Path

from faststream.kafka import KafkaBroker
from request import TOPIC, accounts_of, headers, new_event_id, request


async def main() -> None:
    """Send one request."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kafka", required=True, help="address of a broker, HOST:PORT")
    parser.add_argument("--project", required=True, help="uuid of the course")
    parser.add_argument("--key", required=True, help="names this request: the same key again does nothing")
    parser.add_argument("people", type=Path, help="a CSV file with a column `email`")
    said = parser.parse_args()
    async with KafkaBroker(said.kafka, enable_idempotence=True) as broker:
        await broker.publish(
            request(said.project, said.key, accounts_of(said.people)),
            TOPIC,
            key=said.key.encode(),
            headers=headers(new_event_id()),
        )


if __name__ == "__main__":
    asyncio.run(main())
