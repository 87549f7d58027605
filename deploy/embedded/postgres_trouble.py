"""Why a PostgreSQL ended: its own words turned into a sentence for a person."""

import re
from pathlib import Path

from .errors import StackError


def explain(said: str, data_dir: Path, log: Path) -> StackError:
    """Return what to tell a person about a server that did not start.

    Args:
        said: what it wrote during this start.
        data_dir: the folder it runs in.
        log: the file that holds the whole story.
    """
    if re.search(r"No space left on device|Disk quota exceeded", said):
        return StackError(
            "DISK_FULL", f"The disk that holds {data_dir} is full.", "Make room and start again.", log=log
        )
    if re.search(r"could not bind .*Address already in use|could not create any TCP/IP sockets", said):
        return StackError(
            "PORT_TAKEN",
            "PostgreSQL could not listen: its port is used by another program.",
            "Stop that program or choose another port.",
            log=log,
        )
    if 'lock file "postmaster.pid" already exists' in said or "is still in use" in said:
        return StackError(
            "DATA_DIR_IN_USE",
            f"Another PostgreSQL is running on {data_dir}.",
            "Stop the other one, or choose another data directory.",
            log=log,
        )
    if "database files are incompatible with server" in said:
        return StackError(
            "DATA_DIR_OTHER_VERSION",
            f"The data in {data_dir} was written by another version of PostgreSQL.",
            "Use the release of this program that wrote it, or choose another data directory.",
            log=log,
        )
    if "Permission denied" in said:
        return StackError(
            "NOT_WRITABLE",
            f"PostgreSQL may not write to {data_dir}.",
            "Choose another data directory.",
            log=log,
        )
    reasons = re.findall(r"(?:FATAL|PANIC|error): +(.+)$", said, re.MULTILINE)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    last = (reasons or lines or ["it said nothing."])[-1][:300]
    return StackError("POSTGRES_NOT_STARTED", f"PostgreSQL ended while starting: {last}", log=log)
