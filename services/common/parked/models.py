"""Parked records as the API document describes them; `answers` makes them, tests compare."""

from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from services.common.http.types import HexText
from services.common.parked.answers import explained
from services.common.parked.model import State
from services.common.parked.orders import Action, Outcome

ID: Final = "course-accounts.log.v1~3~1204"
WHY: Final[dict[str, Any]] = explained("BAD_FACT")
REASON: Final = "version: Expected `int`, got `str`"
_RECORD: Final[dict[str, Any]] = {
    "id": ID,
    "service": "projector",
    "topic": "course-accounts.log.v1",
    "partition": 3,
    "offset": 1204,
    "type": "org.course-accounts.account-created.v1",
    "event_id": "6c8f1f1e-0b8c-5f3c-9d0f-9a3b8e7d6c5b",
    "source": "course-accounts/provisioner",
    "bytes": 512,
    "state": "parked",
    "reason": REASON,
    **WHY,
    "written": "2026-09-01T08:00:00Z",
    "parked": "2026-09-01T08:00:01Z",
    "tries": 0,
    "tried": None,
    "settled": None,
    "settled_by_job": None,
}
_CAUSE: Final[dict[str, Any]] = {
    "service": "projector",
    "topic": "course-accounts.log.v1",
    **WHY,
    "records": 1,
    "oldest": "2026-09-01T08:00:01Z",
    "newest": "2026-09-01T08:00:01Z",
}
_BYTES: Final[dict[str, Any]] = {"bytes": 3, "cut": False, "text": "1.0"}


class Exact(BaseModel):
    """Exactly these fields."""

    model_config = ConfigDict(extra="forbid")


class Explained(Exact):
    """A code, in words."""

    code: str
    message: str
    hint: str = Field(description="what to do")


class ParkedRecord(Explained):
    """Where a record lay, what is the matter, and what became of it; nothing of what it says."""

    model_config = ConfigDict(json_schema_extra={"examples": [_RECORD]})

    id: str = Field(description="topic~partition~offset")
    service: str
    topic: str
    partition: int
    offset: int
    type: str | None
    event_id: str | None
    source: str | None
    bytes: int | None = Field(description="of the value; null: it has none")
    state: State
    reason: str = Field(description="what the reader said")
    written: datetime
    parked: datetime
    tries: int
    tried: datetime | None
    settled: datetime | None
    settled_by_job: HexText | None


class ParkedCause(Explained):
    """Why records of one topic wait, and how many."""

    service: str
    topic: str
    records: int
    oldest: datetime
    newest: datetime


class ParkedRecords(Exact):
    """Records, the newest first. `causes`: how many wait, and why; only without a cursor."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"results": [_RECORD], "next": None, "causes": [_CAUSE]}]}
    )

    results: list[ParkedRecord]
    next: str | None = Field(
        description="where the next page is, without scheme and host; null: this is the last"
    )
    causes: list[ParkedCause] | None = None


class ParkedBytes(Exact):
    """Bytes as `text`, where all of it can be printed, else as `base64`. `cut`: this is only their beginning."""

    bytes: int
    cut: bool
    text: str | None = None
    base64: str | None = None


class ParkedHeader(Exact):
    """A header of a record."""

    name: str
    value: ParkedBytes | None


class ParkedTry(Exact):
    """What one job came to for one record."""

    job: HexText
    action: Action
    author: str
    reason: str
    outcome: Outcome
    code: str | None
    why: str | None
    at: datetime


class ParkedRecordOpened(ParkedRecord):
    """A record with its bytes. They may name people: for staff's eyes."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_RECORD,
                    "key": None,
                    "headers": [{"name": "ce_specversion", "value": _BYTES}],
                    "value": {"bytes": 2, "cut": False, "text": "{}"},
                    "history": [],
                }
            ]
        }
    )

    key: ParkedBytes | None
    headers: list[ParkedHeader]
    value: ParkedBytes | None
    history: list[ParkedTry] = Field(description="the newest first")
