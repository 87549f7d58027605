"""A service of somebody else: writes a letter for each account that was created.

It knows of us the topic, and `schemas`, the package with our published contract.

    KAFKA=localhost:9092 LETTERS=letters python service.py [--stop-after 3]

Kafka may hand a record over twice, so a letter has the event's id as its name: the second time it is there already.
"""

import argparse
import asyncio
import os
import sys
from pathlib import Path

from faststream import AckPolicy, FastStream
from faststream.kafka import KafkaBroker, KafkaMessage

from schemas.codec import Unreadable, decode
from schemas.facts import AccountCreated, AccountRequested
from schemas.topics import LOG

letters = Path(os.environ.get("LETTERS", "letters"))
broker = KafkaBroker(os.environ["KAFKA"], client_id="letters")
app = FastStream(broker)
addresses: dict[object, str] = {}
"""Whom an account is for, by its id: the request says it, the creation does not say it again."""
written = asyncio.Event()


async def as_it_is(message: KafkaMessage) -> bytes:
    """Leave the value alone: headers say what it is, and our codec reads both."""
    return message.body


@broker.subscriber(
    LOG,
    group_id="example.letters",
    auto_offset_reset="earliest",
    decoder=as_it_is,
    ack_policy=AckPolicy.NACK_ON_ERROR,
)
async def on_record(_: bytes, message: KafkaMessage) -> None:
    """One record of the log. All that concerns one account comes in order."""
    record = message.raw_message
    try:
        event = decode(record.headers, record.value)
    except Unreadable as error:
        print(f"left out: {error.code}", file=sys.stderr)  # a newer version's fact, perhaps
        return
    match event.fact:
        case AccountRequested() as asked:
            addresses[asked.account_id] = asked.personal.email
        case AccountCreated() as made:
            write(event.id.hex, addresses.get(made.account_id, "?"), made.personal.username)


def write(name: str, email: str, username: str) -> None:
    """Write a letter once."""
    letters.mkdir(parents=True, exist_ok=True)
    (letters / f"{name}.txt").write_text(f"To: {email}\n\nYour account is {username}.\n", "utf-8")
    written.set()


def count() -> int:
    """How many letters there are."""
    return len(list(letters.glob("*.txt")))


async def main() -> None:
    """Run until stopped, or until so many letters are there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stop-after", type=int, metavar="LETTERS")
    wanted = parser.parse_args().stop_after
    running = asyncio.create_task(app.run())
    while wanted is not None and count() < wanted:
        await written.wait()
        written.clear()
    if wanted is not None:
        app.exit()
    await running


if __name__ == "__main__":
    asyncio.run(main())
