"""The parts of a statement that depend on what is asked for; every piece of text comes from a closed list. Pure."""

from collections.abc import Sequence
from typing import Any

ORDERS = {
    "created": "a.created",
    "email": "a.email",
    "modified": "a.modified",
    "project_end_date": "p.end_date",
    "project_name": "p.name",
    "project_start_date": "p.start_date",
    "state": "CASE a.standing WHEN 'waiting' THEN 'pending' ELSE a.standing END",
    "username": "a.username",
}
_NEVER_NULL = frozenset({"created", "email", "modified", "state"})


class Conditions:
    """Conditions on `accounts AS a`, with the values of their parameters."""

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

    def among(self, column: str, values: Sequence[Any], kind: str) -> None:
        """The column has one of these values; one alone is asked for as such, which plans better."""
        if len(values) == 1:
            self.add(f"{column} = {self.value(values[0], kind)}")
        else:
            self.add(f"{column} = ANY({self.value(list(values), f'{kind}[]')})")


def order_by(order: Sequence[str]) -> str:
    """What follows ORDER BY: the fields of `order`, the newest first, and the id, so that all are told apart."""
    terms = []
    for name in order:
        field, back = name.removeprefix("-"), name.startswith("-")
        nulls = "" if field in _NEVER_NULL else (" NULLS LAST" if back else " NULLS FIRST")
        terms.append(f"{ORDERS[field]} {'DESC' if back else 'ASC'}{nulls}")
    if not {name.removeprefix("-") for name in order} & {"created"}:
        terms.append("a.created DESC")
        return ", ".join([*terms, "a.account_id DESC"])
    return ", ".join([*terms, f"a.account_id {'DESC' if order[-1].startswith('-') else 'ASC'}"])
