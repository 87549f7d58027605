"""What a list of accounts may be narrowed by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """Which accounts: a part of the address (any case), the exact user name, states, a project, days of projects.

    `codes`, why they are Erred, are asked for within a project only: nothing leads to them over all.

    The days count as in between.
    """

    email: str | None = None
    username: str | None = None
    states: Sequence[str] | None = None
    codes: Sequence[str] | None = None
    project_id: UUID | None = None
    starts_from: date | None = None
    starts_until: date | None = None
    ends_from: date | None = None
    ends_until: date | None = None
    among: Sequence[UUID] | None = None
    """Only accounts of these projects; None: of all."""

    @property
    def about_projects(self) -> tuple[Any, ...]:
        """What it says of projects, as the queries take it."""
        days = (self.starts_from, self.starts_until, self.ends_from, self.ends_until)
        return (self._projects, *days)

    @property
    def all_projects(self) -> bool:
        """Whether it says nothing of projects."""
        return self._projects is None and not any(self.about_projects[1:])

    @property
    def _projects(self) -> list[UUID] | None:
        if self.project_id is None:
            return None if self.among is None else list(self.among)
        return [self.project_id] if self.among is None or self.project_id in self.among else []
