"""The ready file: where everything is, for programs that started the stack."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .overview import Row
from .private_files import write_private_json


@dataclass(frozen=True, slots=True)
class ProjectEntry:
    """A demo project. Dates as `YYYY-MM-DD`."""

    uuid: str
    name: str
    start_date: str | None
    end_date: str | None


@dataclass(frozen=True, slots=True)
class Document:
    """What the file says. `processes` names every process id of each part, in the order of its copies."""

    url: str
    token: str
    web_url: str
    data_dir: str
    kafka: str
    postgres: str
    account_service: str
    projects: Sequence[ProjectEntry]
    processes: Mapping[str, Sequence[int]]

    def as_json(self) -> dict[str, Any]:
        """The document as plain data."""
        return asdict(self)


class ReadyFiles:
    """The stack's own note in its data directory, and the ready file somebody asked for.

    Args:
        own: also holds the table of addresses, for `up --status`.
        asked_for: holds the document alone.
    """

    def __init__(self, *, own: Path, asked_for: Path | None) -> None:
        self._own = own
        self._asked_for = asked_for.expanduser().absolute() if asked_for else None

    def write(self, document: Document, table: Sequence[Row]) -> None:
        """Write or replace the files; each is complete at any moment, and readable by its owner only.

        Raises:
            StackError: NOT_WRITABLE or DISK_FULL.
        """
        write_private_json(self._own, {**asdict(document), "services": [asdict(row) for row in table]})
        if self._asked_for is not None:
            write_private_json(self._asked_for, asdict(document))

    def remove(self) -> None:
        """Remove what was written."""
        for file in (self._asked_for, self._own):
            if file is not None:
                with suppress(OSError):
                    file.unlink(missing_ok=True)
