"""A replay, and which commands it takes in which state. Pure."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import msgspec


class Kind(StrEnum):
    """What a replay is for."""

    BUILD = "build"  # to take the place of the set in use
    VERIFY = "verify"  # to be compared with it, and dropped
    SCRATCH = "scratch"  # to be asked: the log until some place, or one project of it


class State(StrEnum):
    """How far a replay is."""

    QUEUED = "queued"
    BUILDING = "building"  # reads the log
    COMPARING = "comparing"  # at the position of the set in use, which goes on
    WARM = "warm"  # fed like the set in use: may be swapped in
    SWAPPED = "swapped"  # its set answers; the one before is kept warm
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


WORKING: Final = (State.QUEUED, State.BUILDING, State.COMPARING)
"""A process works on it, or is going to."""


class Command(StrEnum):
    """What an operator may want of a replay."""

    CANCEL = "cancel"
    COMPARE = "compare"
    SWAP = "swap"
    ROLL_BACK = "roll-back"
    CLEAN_UP = "clean-up"


_TAKES: Final = {
    Command.CANCEL: frozenset(WORKING),
    Command.COMPARE: frozenset({State.WARM, State.SWAPPED}),
    Command.SWAP: frozenset({State.WARM}),
    Command.ROLL_BACK: frozenset({State.SWAPPED}),
    Command.CLEAN_UP: frozenset({State.WARM, State.SWAPPED, State.DONE, State.FAILED, State.CANCELLED}),
}


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table; names as there."""

    replay_id: UUID
    kind: Kind
    state: State
    edition: str
    slot: str | None
    project_id: UUID | None
    author: str
    reason: str
    asked_at: datetime
    until_time: datetime | None
    until_offsets: list[tuple[str, int, int]] | None
    started_at: datetime | None
    ended_at: datetime | None
    total: int
    done: int
    rate: float
    code: str | None
    message: str | None
    comparison: dict[str, Any] | None
    swapped_at: datetime | None
    replaced_slot: str | None

    def takes(self, command: Command) -> bool:
        """Whether the command makes sense now."""
        dropped = self.slot is None or (self.kind is Kind.VERIFY and self.state is State.DONE)
        if command is Command.CLEAN_UP and dropped:
            return False
        return self.state in _TAKES[command]

    @property
    def equal(self) -> bool | None:
        """Whether its set was found equal to the one in use; None: not compared."""
        return None if self.comparison is None else bool(self.comparison["equal"])

    @property
    def broken_rules(self) -> list[str]:
        """The rules that its set was found to break; of the set it was compared with none is asked."""
        rules = () if self.comparison is None else self.comparison.get("invariants", ())
        return [f"{rule['model']}.{rule['name']}" for rule in rules if rule["broken"]]

    @property
    def seconds_left(self) -> float | None:
        """How long the reading will take at the present rate."""
        if self.state is not State.BUILDING or self.rate <= 0:
            return None
        return max(0, self.total - self.done) / self.rate
