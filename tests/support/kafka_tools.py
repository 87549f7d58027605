"""Kafka's own command line tools, which an installation does not need: fetched for the tests that show them."""

from pathlib import Path

from deploy.embedded.jars import ensure_jars
from deploy.embedded.java import find_java

_LOCK = Path(__file__).with_name("kafka-tools.lock")
_PRODUCER = "org.apache.kafka.tools.ConsoleProducer"


def write_console_producer(folder: Path) -> Path:
    """Put a `kafka-console-producer.sh` like the one of Kafka's distribution into `folder`.

    Raises:
        StackError: the tools cannot be fetched.
    """
    class_path = ":".join(map(str, [*ensure_jars(), *ensure_jars(lock=_LOCK)]))
    script = folder / "kafka-console-producer.sh"
    script.write_text(
        f'#!/bin/sh\nexec "{find_java().program}" -Xmx256m -XX:TieredStopAtLevel=1 '
        f'-cp "{class_path}" {_PRODUCER} "$@"\n',
        "utf-8",
    )
    script.chmod(0o755)
    return script
