"""The target as all copies of the provisioner know it: one value, one row of `targets`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

Standing = Literal["up", "held", "down"]
"""Called as usual; left alone until a moment of its own choosing; not answering, so that only probes are made."""


@dataclass(frozen=True, slots=True)
class Probe:
    """The one call that is made while the target is down: by which process, and until when nobody else makes it."""

    owner: UUID
    until: datetime


@dataclass(frozen=True, slots=True)
class Stop:
    """An operator's pause."""

    author: str
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What the log says: the number of the last change, and its words if it was a pause."""

    change: int = 0
    code: str | None = None
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """An account service. Times are those of the database's clock."""

    name: str
    since: datetime
    standing: Standing = "up"
    code: str | None = None
    """Why it is held or down; a code of `schemas.codes.WAITING_CODES`."""
    next_at: datetime | None = None
    """When it is called again: by all if it is held, by a probe if it is down."""
    pause: float = 0.0
    """Seconds between the last probe and the next."""
    probe: Probe | None = None
    stop: Stop | None = None
    rate: float | None = None
    """Calls a second, all copies together; None: as many as there are."""
    told: Told = Told()

    def flows(self, now: datetime) -> bool:
        """Whether calls are made."""
        if self.stop is not None or self.standing == "down":
            return False
        return self.standing == "up" or self.next_at is None or self.next_at <= now
