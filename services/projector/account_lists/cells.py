"""Where a page of a list lies: the counts say it, without looking at an account. Pure.

A *cell* is what one project has in one state. Orders that begin with fields of the project, or the state, put whole
cells before others; so a page lies in a few of them, and only these have to be read.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from schemas.row_class import Standing
from services.projector.accounts.answers import state_word


class Cell(NamedTuple):
    """How many accounts of a project are in one of the four states; `project`: a row of `by_project`, or of `whole`."""

    project: Mapping[str, Any]
    state: str
    number: int


class Part(NamedTuple):
    """A part of a page: accounts of some projects (None: of all) in some states (None: in any), in `order`."""

    projects: list[UUID | None] | None
    states: tuple[str, ...] | None
    number: int
    """How many there are."""
    offset: int
    limit: int
    order: tuple[str, ...]
    between: tuple[datetime, datetime] | None = None
    """All of them were asked for between these moments, and nobody else of these projects and states was."""


_MANY = 100
"""Projects that are not worth naming when it is only about where accounts in some state may be."""

_WORDS = [(str(standing), state_word(standing)) for standing in Standing]
_FIELDS: Mapping[str, Callable[[Cell], Any]] = {
    "project_name": lambda cell: cell.project["name"],
    "project_start_date": lambda cell: cell.project["start_date"],
    "project_end_date": lambda cell: cell.project["end_date"],
    "state": lambda cell: cell.state,
}
OF_PROJECTS = frozenset(_FIELDS) - {"state"}


def cells_of(rows: Iterable[Any], states: Sequence[str] | None) -> list[Cell]:
    """The cells of some rows of counts that are not empty, of some states only if any are named."""
    cells = []
    for row in rows:
        numbers: dict[str, int] = {}
        for standing, word in _WORDS:
            numbers[word] = numbers.get(word, 0) + row[standing]
        cells += [
            Cell(row, word, number)
            for word, number in numbers.items()
            if number and (not states or word in states)
        ]
    return cells


def number_of(cells: Iterable[Cell]) -> int:
    """How many accounts they hold."""
    return sum(cell.number for cell in cells)


def parts_of(
    cells: Sequence[Cell],
    order: Sequence[str],
    *,
    states: Sequence[str] | None,
    all_projects: bool,
    offset: int,
    limit: int,
) -> list[Part]:
    """The parts of the page at `offset`, in their order.

    Args:
        cells: all that the list holds.
        order: names of fields, `-` in front reverses.
        states: those the list is about, if not all.
        all_projects: whether the cells are those of every project.
        offset: accounts before the page.
        limit: the longest page.
    """
    leading = 0
    while leading < len(order) and order[leading].removeprefix("-") in _FIELDS:
        leading += 1
    fields, rest = order[:leading], tuple(order[leading:])
    groups = [(None, list(cells))] if not fields else _grouped(cells, fields)
    by_project = any(field.removeprefix("-") in OF_PROJECTS for field in fields)
    by_state = any(field.removeprefix("-") == "state" for field in fields)
    found = []
    for _, group in groups:
        number = number_of(group)
        if limit <= 0:
            break
        if offset < number:
            taken = min(limit, number - offset)
            within = (group[0].state,) if by_state else (tuple(states) if states else None)
            projects = _projects(group) if "project_id" in group[0].project else None
            if all_projects and not by_project and (within is None or len(projects or ()) > _MANY):
                projects = None
            found.append(Part(projects, within, number, offset, taken, rest))
            limit -= taken
        offset = max(0, offset - number)
    return found


def _grouped(cells: Sequence[Cell], fields: Sequence[str]) -> list[tuple[Any, list[Cell]]]:
    ordered = list(cells)
    for field in reversed(fields):
        ordered.sort(key=_key(field), reverse=field.startswith("-"))
    keys = [_key(field) for field in fields]
    return [
        (key, list(group))
        for key, group in groupby(ordered, key=lambda cell: tuple(key(cell) for key in keys))
    ]


def _key(field: str) -> Callable[[Cell], tuple[bool, Any]]:
    value = _FIELDS[field.removeprefix("-")]

    def key(cell: Cell) -> tuple[bool, Any]:
        """What is not known comes first, as it comes last where the order is reversed."""
        found = value(cell)
        return (found is not None, "" if found is None else found)

    return key


def _projects(cells: Iterable[Cell]) -> list[UUID | None]:
    return list(dict.fromkeys(cell.project["project_id"] for cell in cells))
