"""How the numbers of accounts change, and which addresses are new."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from uuid import UUID

from schemas.facts import (
    AccountClosed,
    AccountCreated,
    AccountFailed,
    AccountRequestCancelled,
    AccountRequested,
    AccountRetried,
)
from schemas.row_class import Standing
from services.projector.core.model import Change, Located

HANDLES = (
    AccountRequested,
    AccountRequestCancelled,
    AccountCreated,
    AccountRetried,
    AccountFailed,
    AccountClosed,
)
"""What may change how an account stands."""


@dataclass(slots=True)
class Difference:
    """How many accounts of one first import in one partition stand otherwise than before, by standing."""

    import_id: UUID
    partition: int
    project_id: UUID | None = None
    first: datetime | None = None
    last: datetime | None = None
    """When the first and the last account that is new here were asked for."""
    by: dict[Standing, int] = field(default_factory=lambda: dict.fromkeys(Standing, 0))


class ListsInMemory:
    """What one batch changes; `standings` of the accounts that were listed before it, by `account_id.int`."""

    def __init__(self, standings: dict[int, Standing]) -> None:
        self._standings = standings
        self.differences: dict[tuple[int, int], Difference] = {}
        self.addresses: list[tuple[UUID, UUID, datetime, str]] = []

    def apply(self, event: Located, change: Change | None) -> Change | None:
        """Fold one event. An account is listed once it was asked for, and counted where that was done first."""
        if change is not None:
            view = change.view
            key = view.account_id.int
            was, now = self._standings.get(key), view.standing
            if was is not now and view.requested:
                self._standings[key] = now
                first = view.claims[0].import_id
                place = (first.int, event.partition)
                difference = self.differences.get(place)
                if difference is None:
                    difference = self.differences[place] = Difference(first, event.partition)
                difference.by[now] += 1
                if was is not None:
                    difference.by[was] -= 1
                else:
                    self._listed(cast("AccountRequested", event.fact), event.time, difference)
        return change

    def _listed(self, fact: AccountRequested, time: datetime, difference: Difference) -> None:
        project_id = fact.project.project_id
        if difference.first is None or difference.last is None:
            difference.project_id, difference.first, difference.last = project_id, time, time
        elif time > difference.last:
            difference.last = time
        elif time < difference.first:
            difference.first = time
        self.addresses.append((fact.account_id, project_id, time, fact.personal.email.lower()))
