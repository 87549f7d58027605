"""The same table in two sets: what of it can be compared. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.projector.comparing.catalog import Column, Table

EITHER = "either"
"""In place of a type: another one in each set, so that only texts can be compared."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A table as it is here and there; None where a set does not have it."""

    name: str
    model: str | None
    here: Table | None
    there: Table | None

    @property
    def common(self) -> tuple[Column, ...]:
        """The columns that both have, by name, so that their places do not matter; of two types: `EITHER`."""
        if self.here is None or self.there is None:
            return ()
        types = {column.name: column.type for column in self.there.columns}
        both = sorted((c for c in self.here.columns if c.name in types), key=lambda c: c.name)
        return tuple(c if types[c.name] == c.type else Column(c.name, EITHER) for c in both)

    @property
    def only_here(self) -> tuple[str, ...]:
        """Columns that there is nothing beside."""
        return _without(self.here, self.there)

    @property
    def only_there(self) -> tuple[str, ...]:
        """Columns that here is nothing beside."""
        return _without(self.there, self.here)

    @property
    def retyped(self) -> tuple[str, ...]:
        """Columns of another type there; their texts are compared all the same."""
        return tuple(column.name for column in self.common if column.type == EITHER)

    @property
    def by_row(self) -> bool:
        """Whether rows can be paired: both have the table, with the same primary key, or both without one."""
        return self.here is not None and self.there is not None and self.here.key == self.there.key


def pair_up(here: Iterable[Table], there: Iterable[Table]) -> list[Pair]:
    """Every table of either set, by model and name."""
    ours, theirs = {t.name: t for t in here}, {t.name: t for t in there}
    pairs = [
        Pair(name, _model(one, other), one, other)
        for name in ours.keys() | theirs.keys()
        for one, other in [(ours.get(name), theirs.get(name))]
    ]
    return sorted(pairs, key=lambda pair: (pair.model or "", pair.name))


def _model(one: Table | None, other: Table | None) -> str | None:
    return next(
        (table.model for table in (one, other) if table is not None and table.model is not None), None
    )


def _without(one: Table | None, other: Table | None) -> tuple[str, ...]:
    if one is None or other is None:
        return ()
    known = {column.name for column in other.columns}
    return tuple(column.name for column in one.columns if column.name not in known)
