"""What the comparison of two sets came to. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.common.records import TopicPartition
from services.projector.comparing.cells import RowDifference
from services.projector.comparing.invariants import Invariant


@dataclass(frozen=True, slots=True)
class ComparedTable:
    """One table. Rows are None where a set does not have it.

    `differing` rows are those that only one set has or that say something else in a column that both have; None
    where rows could not be paired, because a set does not have the table or it has another primary key.
    """

    model: str | None
    name: str
    rows_here: int | None
    rows_there: int | None
    differing: int | None
    first: tuple[RowDifference, ...] = ()
    only_here: tuple[str, ...] = ()
    """Columns that the other set does not have."""
    only_there: tuple[str, ...] = ()
    retyped: tuple[str, ...] = ()
    """Columns of another type there."""
    checksum: str | None = None
    """Of the rows here, in the columns that both have: equal in every installation with the same rows. None where
    `differing` is."""

    @property
    def equal(self) -> bool:
        """Whether both sets have the same table with the same rows."""
        return self.differing == 0 and not (self.only_here or self.only_there or self.retyped)


@dataclass(frozen=True, slots=True)
class ChangedModel:
    """A model whose tables were made by other logic there; None: the set does not have it."""

    version_here: int | None
    version_there: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sets at the same place of the log: `here`, usually the one that is read, and `there`, a newer one."""

    here: str
    there: str
    positions: Mapping[TopicPartition, int]
    changed: Mapping[str, ChangedModel]
    tables: tuple[ComparedTable, ...]
    invariants: tuple[Invariant, ...]
    """Of the set `there`."""

    @property
    def equal(self) -> bool:
        """Whether every table is the same in both, row for row."""
        return all(table.equal for table in self.tables)

    @property
    def sound(self) -> bool:
        """Whether nothing differs but tables of changed models, and every rule holds."""
        return all(table.equal or self.expected(table) for table in self.tables) and not any(
            invariant.broken for invariant in self.invariants
        )

    def expected(self, table: ComparedTable) -> bool:
        """Whether the logic behind the table is another one there, so that it may differ."""
        return table.model in self.changed
