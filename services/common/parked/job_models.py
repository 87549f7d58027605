"""Jobs about parked records as the API document describes them; `answers` makes them, tests compare."""

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import ConfigDict, Field

from services.common.http.types import HexText
from services.common.parked.models import ID, REASON, WHY, Exact, Explained
from services.common.parked.orders import Action, JobState

ORDER: Final[dict[str, Any]] = {"codes": ["BAD_FACT"], "limit": 10, "reason": "the writer is mended"}
"""An order, as an example."""
_JOB_ID: Final = "0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f"
_JOB: Final[dict[str, Any]] = {
    "url": f"/api/parked/projector/jobs/{_JOB_ID}/",
    "uuid": _JOB_ID,
    "service": "projector",
    "action": "redrive",
    "state": "running",
    "author": "9b2d8e7f6a5c4b3d8e1f0a9b8c7d6e5f",
    "reason": "the writer is mended",
    "named": False,
    "codes": ["BAD_FACT"],
    "topic": None,
    "most_per_second": 50.0,
    "created": "2026-09-01T09:00:00Z",
    "started": "2026-09-01T09:00:00Z",
    "finished": None,
    "cancelled_by": None,
    "total": 10,
    "tried": 4,
    "done": 3,
    "failed": 1,
    "passed": 0,
    "left": 6,
    "rate": 40.0,
    "eta_seconds": 0,
    "poll_after": 1.0,
}


class ParkedJob(Exact):
    """A job; `done` were redriven or dropped, `failed` could not be taken again, `passed` were parked no more."""

    model_config = ConfigDict(json_schema_extra={"examples": [_JOB]})

    url: str
    uuid: HexText
    service: str
    action: Action
    state: JobState
    author: str
    reason: str
    named: bool = Field(description="its records were named one by one")
    codes: list[str]
    topic: str | None
    most_per_second: float
    created: datetime
    started: datetime | None
    finished: datetime | None
    cancelled_by: str | None
    total: int
    tried: int
    done: int
    failed: int
    passed: int
    left: int
    rate: float | None = Field(description="records a second")
    eta_seconds: int | None
    poll_after: float = Field(description="seconds after which it is worth asking again")


class ParkedJobs(Exact):
    """All that was ever ordered, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"results": [_JOB], "next": None}]})

    results: list[ParkedJob]
    next: str | None


class ParkedFailure(Explained):
    """Why one record could not be taken again."""

    id: str
    reason: str


class ParkedFailures(Exact):
    """What could not be taken again, in the order of the log."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"results": [{"id": ID, "reason": REASON, **WHY}], "next": None}]}
    )

    results: list[ParkedFailure]
    next: str | None


class ParkedOrdered(Exact):
    """A job that was asked for; `Location` says where to follow it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"job": _JOB_ID, "records": 10, "state": "queued"}]}
    )

    job: HexText
    records: int
    state: JobState


class ParkedCounted(Exact):
    """What an order would take. Nothing was changed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "dry_run": True,
                    "action": "redrive",
                    "found": 12,
                    "records": 10,
                    "by_code": {"BAD_FACT": 10},
                }
            ]
        }
    )

    dry_run: Literal[True]
    action: Action
    found: int
    records: int
    by_code: dict[str, int]
