"""Install everything the embedded stack runs: ``python -m deploy.embedded.install``.

Kafka's jars, Java's archive of them (fast starts) and PostgreSQL's programs, into the user's cache.
Doing it again costs nothing.
"""

import argparse
import asyncio
import subprocess
import sys
import time

from . import jars
from .archive import archive_file, ensure_archive
from .errors import StackError
from .java import Java, find_java
from .postgres_programs import ensure_programs


def main(arguments: list[str] | None = None) -> int:
    """Install, say each step with its time on standard error, return an exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.embedded.install", description="Install the embedded stack."
    )
    parser.add_argument(
        "--archive",
        choices=("now", "background", "never"),
        default="now",
        help="when to prepare Kafka for fast starts: now (15 s), in the background, or not at all",
    )
    parser.add_argument(
        "--write-lock", action="store_true", help="resolve Kafka's jars again and write their lock"
    )
    chosen = parser.parse_args(arguments)
    try:
        if chosen.write_lock:
            jars.write_lock()
        else:
            install(chosen.archive)
    except StackError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def install(archive: str = "now") -> None:
    """Install what is missing.

    Args:
        archive: ``now``, ``background`` or ``never``.

    Raises:
        StackError: what is in the way.
    """
    java = find_java()
    began = time.monotonic()
    if jars.installed_jars() is None:
        jars.ensure_jars(_say)
        _say(f"Apache Kafka {jars.KAFKA_VERSION} is installed ({time.monotonic() - began:.1f} s)")
    ensure_programs()
    file = archive_file(java)
    if file is None or file.is_file() or archive == "never":
        return
    if archive == "background":
        _leave_to_another_process()
    else:
        _archive(java)


def _archive(java: Java) -> None:
    # aiokafka and the rest are only needed for this one step.
    from .rehearsal import rehearse

    began = time.monotonic()
    if asyncio.run(ensure_archive(java, rehearse, _say)):
        _say(f"Kafka is prepared for fast starts ({time.monotonic() - began:.1f} s)")


def _leave_to_another_process() -> None:
    subprocess.Popen(
        ["nice", "-n", "19", sys.executable, "-m", "deploy.embedded.install"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


if __name__ == "__main__":
    sys.exit(main())
