"""A comparison of two sets of read models, as the API answers it."""

import msgspec


class Cell(msgspec.Struct, frozen=True):
    """One column of a row that differs; None is NULL."""

    column: str
    here: str | None = None
    there: str | None = None


class Difference(msgspec.Struct, frozen=True):
    """A row that only one set has (`where`: here or there), or that differs in some cells (both)."""

    key: dict[str, int | str]
    where: str
    cells: list[Cell] = []


class ComparedTable(msgspec.Struct, frozen=True):
    """One table; None: a set does not have it, or its rows could not be paired. `expected`: its logic changed."""

    table: str
    model: str | None = None
    rows_here: int | None = None
    rows_there: int | None = None
    differing: int | None = None
    equal: bool = False
    expected: bool = False
    only_here: list[str] = []
    only_there: list[str] = []
    retyped: list[str] = []
    checksum: str | None = None
    first: list[Difference] = []


class Invariant(msgspec.Struct, frozen=True):
    """A rule, and the rows of the set there that break it."""

    model: str
    name: str
    says: str
    broken: int = 0
    first: list[dict[str, str | None]] = []


class ChangedModel(msgspec.Struct, frozen=True):
    """A model of other logic there."""

    model: str
    version_here: int | None = None
    version_there: int | None = None


class Comparison(msgspec.Struct, frozen=True):
    """Two sets at one place of the log; `sound`: nothing differs but changed models, and every rule holds."""

    here: str
    there: str
    equal: bool
    sound: bool
    changed: list[ChangedModel] = []
    tables: list[ComparedTable] = []
    invariants: list[Invariant] = []
