"""The parts of a statement that depend on what is asked for; every piece of text comes from a closed list. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

ORDERS = {
    "created": "a.created",
    "email": "coalesce(a.address, a.email)",
    "modified": "a.modified",
    "project_end_date": "p.end_date",
    "project_name": "p.name",
    "project_start_date": "p.start_date",
    "state": "CASE a.standing WHEN 'waiting' THEN 'pending' ELSE a.standing END",
    "username": "a.username",
}
OF_ADDRESSES = {"created": "s.created", "email": "s.address"}
"""The same fields in the table of addresses."""
_NEVER_NULL = frozenset({"created", "email", "modified", "state"})


class Conditions:
    """Conditions, with the values of their parameters."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._terms: list[str] = []

    @property
    def text(self) -> str:
        """As they follow a first condition."""
        return "".join(f" AND {term}" for term in self._terms)

    def value(self, value: Any, kind: str) -> str:
        """The parameter that stands for `value`."""
        self.values.append(value)
        return f"${len(self.values)}::{kind}"

    def add(self, term: str) -> None:
        """One more condition, written by us."""
        self._terms.append(term)

    def among(self, column: str, values: Sequence[Any], kind: str, *, aside: bool = False) -> None:
        """The column has one of these values; one alone is asked for as such, which plans better.

        `aside`: told so that no index is taken for it. One by blocks, joined to another, makes that as coarse.
        """
        if len(values) == 1:
            term = f"{column} = {self.value(values[0], kind)}"
        else:
            term = f"{column} = ANY({self.value(list(values), f'{kind}[]')})"
        self.add(f"({term}) IS TRUE" if aside else term)

    def holds(self, column: str, part: str) -> None:
        """The column has `part` in it."""
        self.add(f"strpos({column}, {self.value(part, 'text')}) > 0")


def order_by(
    order: Sequence[str], *, back: bool = False, fields: Mapping[str, str] = ORDERS, table: str = "a"
) -> str:
    """What follows ORDER BY: the fields of `order`, the newest first, and the id, so that all are told apart.

    Args:
        order: names of `fields`, `-` in front reverses.
        back: from the end to the beginning.
        fields: what stands for each name.
        table: the alias of the table whose `created` and `account_id` they are.
    """
    terms = []
    for name in order:
        field, down = name.removeprefix("-"), name.startswith("-") is not back
        nulls = "" if field in _NEVER_NULL else (" NULLS LAST" if down else " NULLS FIRST")
        terms.append(f"{fields[field]} {_way(down)}{nulls}")
    if "created" not in {name.removeprefix("-") for name in order}:
        down = not back
        terms.append(f"{table}.created {_way(down)}")
    else:
        down = order[-1].startswith("-") is not back
    return ", ".join([*terms, f"{table}.account_id {_way(down)}"])


def put(statement: str, texts: Mapping[str, str]) -> str:
    """A statement with texts in the places of their names."""
    for name, text in texts.items():
        statement = statement.replace(name, text)
    return statement


def _way(down: bool) -> str:
    return "DESC" if down else "ASC"
