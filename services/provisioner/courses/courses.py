"""Which courses are over, by what is known of projects at this moment. In memory: it is asked before every call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from uuid import UUID

from schemas.projects import end_of_day


@dataclass(frozen=True, slots=True)
class Term:
    """When a course is over: from the moment of its end, or of the news that its project is deleted; None: never.

    An end is not before the moment it was heard of, or a description of the past could end a course which a
    later one, not yet read, extends.
    """

    over_from: datetime | None

    def ends_within(self, after: datetime, until: datetime) -> bool:
        """Whether it is over `until` a moment, but was not `after` another."""
        return self.over_from is not None and after < self.over_from <= until


class Courses:
    """What is known of courses.

    Where a topic of projects is read, a course is over only once all was read that was published before its end:
    an extension that came in time is then known.
    """

    def __init__(self, *, now: Callable[[], datetime], zone: tzinfo = UTC) -> None:
        """Know nothing yet; `zone` is the site's: a course ends when its last day does, there."""
        self._now = now
        self._zone = zone
        self._terms: dict[UUID, Term] = {}
        self._read_to: datetime | None = None
        self._reading = False
        self._ends: dict[date, datetime] = {}
        """Ends of days: it is asked before every call."""

    def follow(self) -> None:
        """There is a topic of projects: nothing is over before it was read."""
        self._reading = True

    @property
    def known(self) -> bool:
        """Whether all was read that was there when reading began."""
        return not self._reading or self._read_to is not None

    def learn(self, terms: Mapping[UUID, Term], *, read_to: datetime | None = None) -> bool:
        """Take over what was stored of some projects, and up to which moment that is all there was to know.

        Answers whether another course may be over since.
        """
        before = self._read_to
        news = any(self._terms.get(project_id) != term for project_id, term in terms.items())
        self._terms.update(terms)
        if read_to is not None and (before is None or before < read_to):
            self._read_to = read_to
            news = news or before is None or any(t.ends_within(before, read_to) for t in self._terms.values())
        return news

    def over(self, project_id: UUID, course_ends: date | None) -> bool:
        """Whether the course has ended or its project is deleted, as far as is known.

        A project nobody has told us of ends as the request says: after the day `course_ends`.
        """
        moment = self._read_to if self._reading else self._now()
        if moment is None:
            return False
        term = self._terms.get(project_id)
        if term is not None:
            return term.over_from is not None and term.over_from <= moment
        return course_ends is not None and self._end_of(course_ends) <= moment

    def _end_of(self, day: date) -> datetime:
        ends = self._ends.get(day)
        if ends is None:
            ends = self._ends[day] = end_of_day(day, self._zone)
        return ends
