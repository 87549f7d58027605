"""Two sets of read models side by side: every table on a line, then what differs first, then the verdict."""

from collections.abc import Mapping, Sequence

from cli.client.comparison import Cell, ComparedTable, Comparison, Difference, Invariant
from cli.text.numbers import count, counted
from cli.text.safe import printable
from cli.text.table import table

MOST_ROWS = 5
"""Rows described for each table; all that the answer has are in its JSON."""


def comparison(found: Comparison) -> list[str]:
    """The lines of a comparison."""
    broken = [rule for rule in found.invariants if rule.broken]
    return [
        *_tables(found.tables),
        *(line for one in found.tables if not one.equal for line in _differences(one)),
        *_rules(broken),
        "",
        _verdict(found, broken),
    ]


def first_difference(found: Comparison) -> str | None:
    """Where the sets differ first, for one line; None if they do not. Tables that may differ come last."""
    for one in sorted(found.tables, key=lambda one: one.expected):
        if one.first:
            return f"{_place(one)}, {_key(one.first[0].key)}"
        if not one.equal:
            return _place(one)
    return None


def _tables(tables: Sequence[ComparedTable]) -> list[str]:
    here = _right([_rows(one.rows_here) for one in tables])
    there = _right([_rows(one.rows_there) for one in tables])
    cells = [
        (one.model or "–", one.table, *numbers, one.checksum or "–", _result(one))
        for one, *numbers in zip(tables, here, there, strict=True)
    ]
    return table(("READ MODEL", "TABLE", "ROWS HERE", "ROWS THERE", "CHECKSUM", "RESULT"), cells)


def _result(one: ComparedTable) -> str:
    if one.equal:
        return "equal"
    may = " (its logic changed)" if one.expected else ""
    if one.rows_here is None or one.rows_there is None:
        return f"only {'there' if one.rows_here is None else 'here'}{may}"
    if one.differing is None:
        return f"not compared by row: another primary key{may}"
    rows = f"{count(one.differing)} differ" if one.differing else "rows equal"
    return f"{rows}{', other columns' if one.only_here or one.only_there or one.retyped else ''}{may}"


def _differences(one: ComparedTable) -> list[str]:
    lines = [
        f"  {said}: {printable(', '.join(columns))}"
        for said, columns in (
            ("Columns only here", one.only_here),
            ("Columns only there", one.only_there),
            ("Columns of another type there", one.retyped),
        )
        if columns
    ]
    for row in one.first[:MOST_ROWS]:
        lines += _row(row)
    more = (one.differing or 0) - min(len(one.first), MOST_ROWS)
    lines += [f"  … and {counted(more, 'more row')}"] if more > 0 and one.first else []
    return ["", f"{_place(one)}:", *lines] if lines else []


def _row(row: Difference) -> list[str]:
    if row.where != "both":
        return [f"  {_key(row.key)}: only {row.where}"]
    if not row.cells:
        return [f"  {_key(row.key)}: in both, more often in one"]
    return [f"  {_key(row.key)}", *(f"    {_cell(cell)}" for cell in row.cells)]


def _cell(cell: Cell) -> str:
    return f"{printable(cell.column)}: {_value(cell.here)} here, {_value(cell.there)} there"


def _value(value: str | None) -> str:
    """Text that could be taken for something else is quoted."""
    if value is None:
        return "NULL"
    plain = value and value != "NULL" and value == value.strip() and '"' not in value
    return printable(value if plain else '"' + value.replace('"', '\\"') + '"')


def _rules(broken: Sequence[Invariant]) -> list[str]:
    lines = []
    for rule in broken:
        lines += [
            "",
            f"{printable(rule.model)}, broken by {counted(rule.broken, 'row')}: {printable(rule.says)}",
        ]
        lines += [f"  {_key(row)}" for row in rule.first]
    return lines


def _verdict(found: Comparison, broken: Sequence[Invariant]) -> str:
    if found.equal and not broken:
        return f"Equal: {counted(len(found.tables), 'table')}, row for row, and every rule holds."
    if found.sound:
        changed = ", ".join(
            f"{printable(one.model)} ({_version(one.version_here)} → {_version(one.version_there)})"
            for one in found.changed
        )
        return f"As expected: only tables of changed models differ: {changed}; every rule holds."
    if (where := first_difference(found)) is not None:
        return f"Not equal. The first difference: {where}."
    return f"Equal, but {counted(len(broken), 'rule is', 'rules are')} broken."


def _place(one: ComparedTable) -> str:
    return f"{printable(one.model or '–')}, table {printable(one.table)}"


def _key(key: Mapping[str, int | str | None]) -> str:
    return printable(", ".join(f"{name} {'–' if value is None else value}" for name, value in key.items()))


def _version(version: int | None) -> str:
    return "none" if version is None else str(version)


def _rows(number: int | None) -> str:
    return "–" if number is None else count(number)


def _right(cells: Sequence[str]) -> list[str]:
    columns = max(map(len, cells), default=0)
    return [cell.rjust(columns) for cell in cells]
