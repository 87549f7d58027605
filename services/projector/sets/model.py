"""A set as the catalog knows it."""

from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

SLOTS: Final = ("projector", *(f"projector_{number}" for number in range(2, 7)))
"""Postgres schemas that may hold a set; provisioning makes them (`deploy/provisioning/database.py`)."""


class SetState(StrEnum):
    """What happens to a set."""

    BUILDING = "building"  # a replay reads the log into it, nobody else
    FED = "fed"  # every live batch goes to it, in the same transaction as to the others
    SCRATCH = "scratch"  # complete at one place of the log, for questions; nobody reads on
    RETIRED = "retired"  # nobody feeds or asks it; its tables are being dropped


class KnownSet(NamedTuple):
    """One row of the catalog."""

    slot: str
    edition: str
    state: SetState
    made_at: datetime
    replay_id: UUID | None
    active: bool
