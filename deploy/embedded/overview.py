"""What is shown of a running stack: rows of a table, the link, what to try next. Data only, no colours."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .options import default_data_dir
from .stack import TITLES

WARNING = "For trying out and for development, not for production: one machine, one copy of the data."


@dataclass(frozen=True, slots=True)
class Row:
    """One process of the table."""

    title: str
    address: str
    pid: int
    log: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Where one process listens and writes its log."""

    service: str
    address: str
    log: Path


def rows(listings: Sequence[Listing], processes: Mapping[str, Sequence[int]]) -> list[Row]:
    """The table, in the order of the listings; the n-th listing of a service has its n-th process id."""
    seen: dict[str, int] = {}
    table = []
    for listing in listings:
        index = seen.get(listing.service, 0)
        seen[listing.service] = index + 1
        pids = processes.get(listing.service, ())
        title = TITLES[listing.service] + (f" {index + 1}" if len(pids) > 1 else "")
        pid = pids[index] if index < len(pids) else 0
        table.append(Row(title, listing.address, pid, str(listing.log)))
    return table


def rows_of(document: Mapping[str, Any]) -> list[Row]:
    """The table as another process wrote it down."""
    return [Row(**row) for row in document.get("services", ())]


def without_password(dsn: str) -> str:
    """A DSN as it may be shown: `host:port/database`."""
    parts = urlsplit(dsn)
    return f"{parts.hostname}:{parts.port}{parts.path}"


def next_commands(document: Mapping[str, Any]) -> list[str]:
    """Three commands to try next."""
    projects = document.get("projects") or [{"uuid": "PROJECT"}]
    return [
        f"course-accounts import examples/course.csv --project {projects[0]['uuid']} --wait",
        "course-accounts accounts",
        "course-accounts projects",
    ]


def resume_command(home: Path) -> str:
    """How to start again on the same data."""
    place = "" if home == default_data_dir().absolute() else f" --data-dir {shlex.quote(str(home))}"
    return f"course-accounts up{place}"
