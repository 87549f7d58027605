"""What a job is asked to do, and what it has come to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID, uuid5

import msgspec

from schemas.facts.accounts import CloseCause

_KEYED = UUID("6f1d6c0e-6a3b-5b0e-9a55-2f1f8c9c41d7")
"""Namespace of the ids of jobs that were asked for under a key: a deployed identifier."""

Action = Literal["retry", "close"]
State = Literal["queued", "running", "finished", "cancelled"]
ENDS: Collection[CloseCause] = ("course_ended", "project_deleted")
"""Causes that are none any more once the course is extended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOrder:
    """Which accounts: those named, else those of an import (of its rows, if some are named), else of a project.

    Of an import or a project only accounts are chosen that the action can concern now: failed ones for `retry`,
    those that are not closed for `close`; at the end of a course those that exist or may exist. `codes` chooses
    among them by the code they failed with, `partitions` of a project by where in the log they are.
    """

    action: Action
    author: str
    reason: str = ""
    cause: CloseCause = "request"
    project_id: UUID | None = None
    import_id: UUID | None = None
    rows: Sequence[int] = ()
    account_ids: Sequence[UUID] | None = None
    codes: Sequence[str] = ()
    partitions: Sequence[int] = ()
    job_id: UUID | None = None
    """The same id twice is the same job: the second order changes nothing."""


class Mark(NamedTuple):
    """An account and the version it was given."""

    account_id: UUID
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job as it stands. `total` accounts: changed, unchanged, refused, dropped by a cancel, or still to come."""

    job_id: UUID
    action: Action
    cause: CloseCause
    author: str
    reason: str
    project_id: UUID | None
    import_id: UUID | None
    codes: Sequence[str]
    state: State
    total: int
    changed: int
    unchanged: int
    refused: int
    dropped: int
    parts_left: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    projects: Sequence[UUID] = ()
    """All that it is about; of none it is not known, and the id of zeros is one that nobody knows."""
    marks: Sequence[Mark] = ()
    """The last account changed in each partition: who has folded these has folded all that was decided."""

    @property
    def over(self) -> bool:
        """Whether nothing more will be done."""
        return self.parts_left == 0

    @property
    def done(self) -> int:
        """Accounts that it was decided about."""
        return self.changed + self.unchanged + self.refused

    @property
    def names_accounts(self) -> bool:
        """Whether the accounts were named, not chosen."""
        return self.project_id is None and self.import_id is None


@dataclass(frozen=True, slots=True)
class Part:
    """Some accounts of a job, all of one partition."""

    job_id: UUID
    partition: int
    part: int
    account_ids: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class Tally:
    """What the accounts of a part came to; of those refused, why."""

    changed: int
    unchanged: int
    refused: Sequence[tuple[UUID, str]]
    mark: Mark | None = None
    """The last one that was changed."""


def under(key: str | None, order: JobOrder) -> JobOrder:
    """The order as asked for under an idempotency key: the same one again, by the same person, is the same job."""
    if not key:
        return order
    what = msgspec.json.encode(replace(order, reason="", job_id=None), order="sorted").decode()
    return replace(order, job_id=uuid5(_KEYED, f"{key}\n{what}"))
