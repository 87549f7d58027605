"""What a job about parked records is asked to do, and how it stands. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal, NamedTuple
from uuid import UUID, uuid5

import msgspec

from services.common.parked.model import Place

_KEYED = UUID("2b0c6a3e-5d0f-5b53-8f0e-3d7a1c9be0d2")
"""Namespace of the ids of jobs that were asked for under a key: a deployed identifier."""

Action = Literal["redrive", "drop"]
JobState = Literal["queued", "running", "finished", "cancelled"]
Outcome = Literal["done", "failed", "passed"]

TRY_FIRST: Final = 10
"""Records a job takes if nobody says how many: whoever sends thousands has seen ten go through before."""
MOST_RECORDS: Final = 100_000
USUAL_RATE: Final = 50.0
SLOWEST, FASTEST = 0.1, 1000.0
"""Records a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedOrder:
    """Which parked records: those named, else those with one of `codes` and of `topic`, if these are given.

    The first `limit` of them in the order of the log; what is named is taken whole.
    """

    action: Action
    author: str
    reason: str
    places: Sequence[Place] | None = None
    codes: Sequence[str] = ()
    topic: str | None = None
    limit: int = TRY_FIRST
    rate: float = USUAL_RATE
    job_id: UUID | None = None
    """The same id twice is the same job: the second order changes nothing."""


class Counted(NamedTuple):
    """How many records an order finds, by code, and how many of them it takes."""

    found: int
    taken: int
    by_code: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedJob:
    """A job as it stands. `total` records: done, failed again, passed over as no longer parked, or still to come."""

    job_id: UUID
    action: Action
    author: str
    reason: str
    named: bool
    codes: Sequence[str]
    topic: str | None
    rate: float
    state: JobState
    total: int
    done: int
    failed: int
    passed: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    cancelled_by: str | None

    @property
    def tried(self) -> int:
        """Records whose turn has been."""
        return self.done + self.failed + self.passed

    @property
    def over(self) -> bool:
        """Whether nothing more will be done."""
        return self.state in ("finished", "cancelled")


class Failure(NamedTuple):
    """A record that could not be taken again, and why."""

    number: int
    place: Place
    code: str
    why: str


def under(key: str | None, order: ParkedOrder) -> ParkedOrder:
    """The order as asked for under an idempotency key: the same one again, by the same person, is the same job."""
    if not key:
        return order
    what = msgspec.json.encode(replace(order, reason="", job_id=None), order="sorted").decode()
    return replace(order, job_id=uuid5(_KEYED, f"{key}\n{what}"))
