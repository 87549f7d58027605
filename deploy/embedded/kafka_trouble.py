"""Why a broker ended: its own words turned into a sentence for a person."""

import re
from pathlib import Path

from .errors import StackError


def explain(said: str, data_dir: Path, log: Path) -> StackError:
    """Return what to tell a person about a broker that did not start.

    Args:
        said: what it wrote during this start.
        data_dir: the folder it runs in.
        log: the file that holds the whole story.
    """
    if re.search(r"No space left on device|Disk quota exceeded|not enough space", said):
        return StackError(
            "DISK_FULL", f"The disk that holds {data_dir} is full.", "Make room and start again.", log=log
        )
    taken = re.search(r"Socket server failed to bind to \S*?:(\d+)|Address already in use", said)
    if taken:
        port = f"port {taken.group(1)}" if taken.group(1) else "a port"
        return StackError(
            "PORT_TAKEN",
            f"Kafka could not listen: {port} is used by another program.",
            "Stop that program or choose another port.",
            log=log,
        )
    if "Failed to acquire lock on file .lock" in said:
        return StackError(
            "DATA_DIR_IN_USE",
            f"Another Kafka is running on {data_dir}.",
            "Stop the other one, or choose another data directory.",
            log=log,
        )
    if re.search(
        r"InconsistentClusterId|doesn't match stored clusterId|Configured node\.id|No `meta\.properties`",
        said,
    ):
        return StackError(
            "DATA_DIR_DAMAGED",
            f"The data in {data_dir} belongs to another Kafka.",
            "Choose another data directory, or move this one away.",
            log=log,
        )
    if re.search(
        r"metadata\.version|UnsupportedVersion|No MetadataVersion|unknown feature level", said
    ) and re.search(r"Unsupported|unsupported|No MetadataVersion|unknown", said):
        return StackError(
            "DATA_DIR_OTHER_VERSION",
            f"The data in {data_dir} was written by another version of Kafka.",
            "Use that version, or another data directory.",
            log=log,
        )
    if re.search(r"Permission denied|AccessDenied", said):
        return StackError(
            "NOT_WRITABLE", f"Kafka may not write to {data_dir}.", "Choose another data directory.", log=log
        )
    return StackError("KAFKA_NOT_STARTED", f"Kafka ended while starting: {_last_error(said)}", log=log)


def _last_error(said: str) -> str:
    errors = re.findall(r"^(?:\S+ )?(?:ERROR|FATAL) +(.+)$", said, re.MULTILINE)
    exceptions = re.findall(
        r"^(?:Caused by: |Exception in thread \S+ )?([\w.]+(?:Exception|Error): .+)$", said, re.MULTILINE
    )
    lines = [line for line in said.splitlines() if line.strip()]
    found = exceptions or errors or lines
    return found[-1].strip()[:300] if found else "it said nothing."
