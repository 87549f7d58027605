"""Rules that hold for the tables of a set at any place of the log: who breaks them?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from services.common.sql import load_queries
from services.projector.comparing.sides import STATEMENT_S, Side, settle
from services.projector.core.model import ReadModel

MOST_BREAKERS = 5
_SQL = load_queries("services.projector.comparing")
_SAYS = re.compile(r"^-- ?(.*)$")


@dataclass(frozen=True, slots=True)
class Invariant:
    """A rule and what breaks it: how many rows, and the first few of them as the query tells them."""

    model: str
    name: str
    says: str
    broken: int
    first: tuple[Mapping[str, str | None], ...]


async def check_invariants(side: Side) -> tuple[Invariant, ...]:
    """Ask every model of the set for its rules, one after the other.

    Raises:
        NotComparable: the transaction of `side` may see other rows in each statement.
    """
    await settle(side)
    return tuple([await _check(side, *rule) for model in side.models for rule in rules_of(model)])


def rules_of(model: ReadModel) -> list[tuple[str, str, str, str]]:
    """Model, name, sentence and query of each rule of `model`."""
    if not model.invariants:
        return []
    queries = load_queries(model.package, "invariants.sql")
    return [(model.name, name, *_said(queries[name])) for name in model.invariants]


def _said(query: str) -> tuple[str, str]:
    lines = query.splitlines()
    said = [found[1] for line in lines if (found := _SAYS.match(line))]
    return " ".join(said), "\n".join(line for line in lines if not _SAYS.match(line)).rstrip().rstrip(";")


async def _check(side: Side, model: str, name: str, says: str, query: str) -> Invariant:
    asked = _SQL["broken"].format(query=query, most=MOST_BREAKERS)
    rows = await side.connection.fetch(asked, timeout=STATEMENT_S)
    first = tuple(
        {key: None if value is None else str(value) for key, value in row.items() if key != "broken_rows"}
        for row in rows
    )
    return Invariant(model, name, says, rows[0]["broken_rows"] if rows else 0, first)
