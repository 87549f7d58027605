"""Ask for accounts over Kafka and wait for the answer, with aiokafka alone.

python plain_aiokafka.py --kafka localhost:9092 --project UUID --key autumn-2026/algebra people.csv
"""

import argparse
import asyncio
import json
import sys
from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord
from request import DEAD_LETTERS, LOG, TOPIC, accounts_of, headers, import_id, new_event_id, request

ACCEPTED = "org.course-accounts.import-accepted.v1"
ANSWER_WITHIN_S = 30


async def main() -> int:
    """Send one request; exit code 0 when it was accepted, 1 when it was refused."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kafka", required=True, help="address of a broker, HOST:PORT")
    parser.add_argument("--project", required=True, help="uuid of the course")
    parser.add_argument("--key", required=True, help="names this request: the same key again does nothing")
    parser.add_argument("people", type=Path, help="a CSV file with a column `email`")
    said = parser.parse_args()

    event_id = new_event_id()
    answers = AIOKafkaConsumer(LOG, DEAD_LETTERS, bootstrap_servers=said.kafka, auto_offset_reset="latest")
    await answers.start()
    try:
        await answers.seek_to_end()  # look from here on: the answer comes after the request
        producer = AIOKafkaProducer(bootstrap_servers=said.kafka, enable_idempotence=True)
        async with producer:
            await producer.send_and_wait(
                TOPIC,
                key=said.key.encode(),
                value=request(said.project, said.key, accounts_of(said.people)),
                headers=[(name, value.encode()) for name, value in headers(event_id).items()],
            )
        async with asyncio.timeout(ANSWER_WITHIN_S):
            async for record in answers:
                if (code := answer(record, import_id(said.key), event_id)) is not None:
                    return code
    except TimeoutError:
        print("no answer: an import of this key may be there already", file=sys.stderr)
    finally:
        await answers.stop()
    return 1


def answer(record: ConsumerRecord, wanted: str, event_id: str) -> int | None:
    """Print the answer, if this is it: the import accepted on the log, or our own record as a dead letter."""
    # Headers for other tools hold numbers, not text.
    told = {name: (value or b"").decode(errors="replace") for name, value in record.headers}
    if record.topic == DEAD_LETTERS and told.get("ce_id") == event_id:
        print(f"refused: {told['x-error-code']}: {told['x-error-message']}", file=sys.stderr)
        return 1
    if told.get("ce_type") == ACCEPTED and told.get("ce_correlationid") == wanted:
        accepted = json.loads(record.value)
        print(f"accepted: {accepted['rows']} rows", file=sys.stderr)
        print(wanted.replace("-", ""))
        return 0
    return None


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
