"""What two rows with one key say differently, in texts short enough to show. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from services.projector.comparing.merging import Key, Where

SHOWN = 200
"""Characters of a value that are shown at most: longer ones from shortly before they differ."""

_BEFORE = 40


class Value(NamedTuple):
    """The beginning of a value as text, and the hash of all of it; both None for NULL."""

    text: str | None
    hash: int | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One column in which two rows differ; None is NULL. Values may name people, so a log never gets them."""

    column: str
    here: str | None = field(repr=False)
    there: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class RowDifference:
    """A row that is not the same in both sets: its key, who has it, and the cells that differ if both do.

    No cells, though both have it: it has no key, and is there more often in one of them.
    """

    key: tuple[tuple[str, int | str], ...]
    where: Where
    cells: tuple[Cell, ...] = ()


def row_difference(
    names: Sequence[str],
    key: Key,
    where: Where,
    columns: Sequence[str] = (),
    here: Sequence[Value] = (),
    there: Sequence[Value] = (),
) -> RowDifference:
    """The difference of one row whose `columns` have these values."""
    return RowDifference(
        tuple((name, _short(part)) for name, part in zip(names, key, strict=True)),
        where,
        tuple(
            Cell(column, *excerpts(one.text, other.text))
            for column, one, other in zip(columns, here, there, strict=True)
            if one != other
        ),
    )


def excerpts(here: str | None, there: str | None) -> tuple[str | None, str | None]:
    """Both texts, cut to where they differ if one of them is long; a cut is shown by an ellipsis."""
    if here is None or there is None:
        return _cut(here, 0), _cut(there, 0)
    if len(here) <= SHOWN and len(there) <= SHOWN:
        return here, there
    same = next((n for n, (a, b) in enumerate(zip(here, there, strict=False)) if a != b), None)
    first = min(len(here), len(there)) if same is None else same
    start = first - _BEFORE if first > SHOWN // 2 else 0
    return _cut(here, start), _cut(there, start)


def _cut(text: str | None, start: int) -> str | None:
    if text is None:
        return None
    before = "…" if start else ""
    after = "…" if len(text) - start > SHOWN - 2 else ""
    return f"{before}{text[start : start + SHOWN - 2]}{after}"


def _short(part: int | str) -> int | str:
    return part if isinstance(part, int) or len(part) <= SHOWN else f"{part[: SHOWN - 1]}…"
