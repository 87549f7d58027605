"""Which courses are over, by what is known of projects at this moment. In memory: it is asked before every call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from uuid import UUID

from schemas.projects import end_of_day


@dataclass(frozen=True, slots=True)
class Term:
    """Until when a course has accounts: for ever without `ends`, not at all once its project is `deleted`."""

    ends: datetime | None
    deleted: bool = False

    def over(self, now: datetime) -> bool:
        """Whether no account is wanted any more."""
        return self.deleted or (self.ends is not None and self.ends <= now)


class Courses:
    """What is known of courses."""

    def __init__(self, *, now: Callable[[], datetime], zone: tzinfo = UTC) -> None:
        """Know nothing yet; `zone` is the site's: a course ends when its last day does, there."""
        self._now = now
        self._zone = zone
        self._terms: dict[UUID, Term] = {}

    def learn(self, terms: Mapping[UUID, Term]) -> None:
        """Take over what was stored of some projects."""
        self._terms.update(terms)

    def over(self, project_id: UUID, course_ends: date | None) -> bool:
        """Whether the course has ended or its project is deleted, as far as is known today.

        A project nobody has told us of ends as the request says: after the day `course_ends`.
        """
        term = self._terms.get(project_id)
        if term is None:
            term = Term(None if course_ends is None else end_of_day(course_ends, self._zone))
        return term.over(self._now())
