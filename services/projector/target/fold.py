"""The last change of each account service."""

from datetime import datetime
from typing import NamedTuple

from schemas.facts import TargetPaused, TargetResumed
from services.projector.core.model import Located
from services.projector.core.moments import moment, optional_moment

HANDLES = (TargetPaused, TargetResumed)


class Target(NamedTuple):
    """An account service as its last change left it."""

    target: str
    change: int
    paused: bool
    since: datetime
    reason: str | None
    next_probe_at: datetime | None


def evolve(before: Target | None, event: Located) -> Target | None:
    """The target after `event`; an earlier change than the known one says nothing new."""
    fact = event.fact
    if not isinstance(fact, TargetPaused | TargetResumed):
        return before
    if before is not None and fact.change <= before.change:
        return before
    if isinstance(fact, TargetPaused):
        probe = optional_moment(fact.next_probe_at)
        return Target(fact.target, fact.change, True, moment(fact.since), fact.reason, probe)
    return Target(fact.target, fact.change, False, moment(fact.since), None, None)
