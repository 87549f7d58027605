"""Where a page of a list by time lies: the counts of each import, and when its accounts were asked for, say it. Pure.

A *span* is what one import asked for first. Spans that do not overlap in time lie one behind the other in every list by
`created`; so a page lies in one of them, or in a few that overlap, and only these have to be read.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from services.projector.account_lists.cells import Part

BY_CREATED: Final = ((), ("created",), ("-created",))
"""The rest of an order by which spans lie one behind the other; nothing at all is the newest first."""


class Span(NamedTuple):
    """Accounts of one project that were asked for from `first` to `last`."""

    project_id: UUID | None
    first: datetime
    last: datetime
    number: int
    """Those that are in the list."""


def split(part: Part, spans: Iterable[Span]) -> list[Part]:
    """The pieces of `part` that its page lies in, in their order; `spans` hold exactly what the part does."""
    if part.order not in BY_CREATED:
        return [part]
    offset, limit = part.offset, part.limit
    found = []
    for group in _groups(spans, newest_first=part.order != ("created",)):
        number = sum(span.number for span in group)
        if limit <= 0:
            break
        if offset < number:
            taken = min(limit, number - offset)
            between = (min(span.first for span in group), max(span.last for span in group))
            projects = list(dict.fromkeys(span.project_id for span in group))
            found.append(
                part._replace(projects=projects, number=number, offset=offset, limit=taken, between=between)
            )
            limit -= taken
        offset = max(0, offset - number)
    return found


def _groups(spans: Iterable[Span], *, newest_first: bool) -> Sequence[list[Span]]:
    """Spans that overlap, directly or by others, in the order of time."""
    groups = list(_overlapping(sorted((s for s in spans if s.number), key=lambda span: span.first)))
    return groups[::-1] if newest_first else groups


def _overlapping(spans: Iterable[Span]) -> Iterator[list[Span]]:
    group: list[Span] = []
    last: datetime | None = None
    for span in spans:
        if last is not None and span.first > last:
            yield group
            group, last = [], None
        group.append(span)
        last = span.last if last is None else max(last, span.last)
    if group:
        yield group
