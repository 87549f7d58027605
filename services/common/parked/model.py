"""A parked record and what became of it. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple, Self
from uuid import UUID

from services.common.records import Record

State = Literal["parked", "redriven", "dropped"]
STATES: Final[tuple[State, ...]] = ("parked", "redriven", "dropped")
_PLACE = re.compile(r"([A-Za-z0-9._-]{1,249})[~:](\d{1,9})[~:](\d{1,18})")


class Place(NamedTuple):
    """Where a record lies in the log; as text `topic~partition~offset`, which is its id."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.topic}~{self.partition}~{self.offset}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The place a text names, also with colons; None if it is no id."""
        found = _PLACE.fullmatch(text)
        if found is None or int(found[2]) >= 1 << 31:
            return None
        return cls(found[1], int(found[2]), int(found[3]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """A parked record as it stands. Its bytes may name people: for staff's eyes, never for logs."""

    place: Place
    code: str
    reason: str
    written_at: datetime
    parked_at: datetime
    state: State
    tries: int
    tried_at: datetime | None
    settled_at: datetime | None
    settled_by: UUID | None
    """The job that redrove or dropped it."""
    headers: list[tuple[str, bytes | None]] | None
    """None where they are too long for a list."""
    size: int | None
    """Bytes of the value; None: it has none."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A parked record with the beginning of its bytes, and what was tried with it, the newest first."""

    parked: Parked
    key: bytes | None
    value: bytes | None
    tries: list["Try"]


class Try(NamedTuple):
    """What one job came to for one record."""

    job_id: UUID
    action: str
    author: str
    reason: str
    outcome: str
    code: str | None
    why: str | None
    at: datetime


class Cause(NamedTuple):
    """Records of one topic that are parked for one reason."""

    topic: str
    code: str
    records: int
    oldest: datetime
    newest: datetime


def record_of(place: Place, row: Any, headers: list[tuple[str, bytes | None]]) -> Record:
    """The record as the log had it: same bytes, same place, same event id."""
    timestamp_ms = round(row["written_at"].timestamp() * 1000)
    return Record(*place, timestamp_ms, row["key"], tuple(headers), row["value"])
