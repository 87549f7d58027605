"""Facts of the target (the account service): one pause for all rows that wait, not one fact a row."""

from typing import ClassVar
from uuid import UUID

from schemas import ids
from schemas.facts.base import Fact, Moment, Positive, value


@value
class TargetFact(Fact):
    """A fact about one account service; `change` counts its pauses and resumptions from 1."""

    target: str
    change: Positive

    @property
    def event_id(self) -> UUID:
        """One per target and change."""
        return ids.target_event_id(self.target, self.change)

    @property
    def subject(self) -> UUID:
        """The target, as an id."""
        return ids.target_id(self.target)

    @property
    def correlation_id(self) -> None:
        """A target belongs to no import."""
        return


@value
class TargetPaused(TargetFact):
    """The account service is being waited for."""

    TYPE: ClassVar[str] = "org.course-accounts.target-paused.v1"

    since: Moment
    reason: str
    next_probe_at: Moment | None = None


@value
class TargetResumed(TargetFact):
    """The account service answers again."""

    TYPE: ClassVar[str] = "org.course-accounts.target-resumed.v1"

    since: Moment
