"""Faults on request: what is set through the control endpoint, and the dice it rolls."""

import fnmatch
import random
import re
from collections.abc import Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Faults(BaseModel):
    """How the service misbehaves. All defaults together are a service without faults."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    latency_ms: float = Field(default=0, ge=0, le=600_000, description="wait before a call is looked at")
    jitter_ms: float = Field(default=0, ge=0, le=600_000, description="up to this much more or less")
    error_before: float = Field(default=0, ge=0, le=1, description="rate of 500 with nothing done")
    error_after: float = Field(default=0, ge=0, le=1, description="rate of 500 although the work is done")
    reply_lost: float = Field(
        default=0, ge=0, le=1, description="rate of connections closed after the work is done"
    )
    malformed: float = Field(
        default=0, ge=0, le=1, description="rate of unreadable replies after the work is done"
    )
    in_progress: float = Field(
        default=0, ge=0, le=1, description="rate of 409 in progress, with nothing done"
    )
    too_many: float = Field(
        default=0, ge=0, le=1, description="rate of 429 with Retry-After, with nothing done"
    )
    ceiling_per_second: float | None = Field(
        default=None, gt=0, le=1e6, description="calls above it get a 429"
    )
    retry_after_seconds: int = Field(default=1, ge=0, le=3600)
    refuse: str | None = Field(
        default=None, max_length=200, description="e-mails like this are refused: *@bad.example"
    )
    down: Literal["no", "unavailable", "closed"] = Field(
        default="no", description="unavailable: 503 to every call, tokens too; closed: connections dropped"
    )
    keys_honoured: bool = True
    unique_addresses: bool = Field(default=True, description="off: a second create makes a second account")
    unclosable: bool = Field(default=True, description="off: `unclosable+…@` can be closed after all")
    arrays: bool = True
    look_up: bool = Field(default=True, description="off: neither a look-up by e-mail nor a list")
    declares: bool = Field(default=True, description="off: the token says nothing about extras")
    seed: int | None = Field(default=None, description="start the randomness again from here")


class FaultPlan:
    """The faults in force, with seeded randomness and the bucket of the rate ceiling."""

    def __init__(self, *, seed: int, monotonic: Callable[[], float]) -> None:
        self._random = random.Random(seed)  # noqa: S311 - dice for faults, no secret
        self._monotonic = monotonic
        self.set(Faults())

    def set(self, faults: Faults) -> None:
        """Replace all faults."""
        self.current = faults
        self.calm = faults == Faults()
        if faults.seed is not None:
            self._random.seed(faults.seed)
        self._refuse = re.compile(fnmatch.translate(faults.refuse.lower())) if faults.refuse else None
        self._tokens = 1.0
        self._filled = self._monotonic()

    def roll(self, rate: float) -> bool:
        """Whether a fault of this rate strikes now; no die is rolled for a rate of nought."""
        return rate > 0 and self._random.random() < rate

    def delay(self) -> float:
        """Seconds to wait before this call."""
        faults = self.current
        jitter = self._random.uniform(-faults.jitter_ms, faults.jitter_ms) if faults.jitter_ms else 0.0
        return max(0.0, faults.latency_ms + jitter) / 1000

    def over_ceiling(self) -> bool:
        """Whether this call is one too many; a call let through is counted."""
        ceiling = self.current.ceiling_per_second
        if ceiling is None:
            return False
        now = self._monotonic()
        # Room for a tenth of a second's calls, so that an even stream at the ceiling passes.
        room = max(1.0, ceiling / 10)
        self._tokens = min(room, self._tokens + (now - self._filled) * ceiling)
        self._filled = now
        if self._tokens < 1:
            return True
        self._tokens -= 1
        return False

    def refuses(self, email: str) -> bool:
        """Whether the refuse pattern takes in this address."""
        return self._refuse is not None and self._refuse.match(email.lower()) is not None
