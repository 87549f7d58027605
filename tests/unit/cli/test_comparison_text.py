"""Comparisons in words."""

import pytest

from cli.client.comparison import Cell, ChangedModel, ComparedTable, Comparison, Difference, Invariant
from cli.text.comparison import comparison, first_difference

EQUAL = ComparedTable("targets", "target", 1, 1, 0, equal=True, checksum="00a1b2c3d4e5f607")
ONE_CELL = ComparedTable(
    "accounts",
    "accounts",
    1234,
    1234,
    1,
    first=[Difference({"account_id": "4f"}, "both", [Cell("code", None, ""), Cell("email", "a\x1b", "b ")])],
)
RULE = Invariant("accounts", "rule", "Every account has a row.")
BROKEN = Invariant("accounts", "rule", "Every account has a row.", 2, [{"account_id": "4f", "code": None}])


def compared(
    *tables: ComparedTable, sound: bool = False, rule: Invariant = RULE, changed: int = 0
) -> Comparison:
    """A comparison of these tables."""
    models = [ChangedModel("accounts", 2, 3)] * changed
    return Comparison("a", "b", all(t.equal for t in tables), sound, models, list(tables), [rule])


def test_equal_sets() -> None:
    """One line for each table, and the verdict."""
    assert comparison(compared(EQUAL, sound=True)) == [
        "READ MODEL  TABLE    ROWS HERE  ROWS THERE  CHECKSUM          RESULT",
        "target      targets  1          1           00a1b2c3d4e5f607  equal",
        "",
        "Equal: 1 table, row for row, and every rule holds.",
    ]


def test_a_cell_that_differs() -> None:
    """Model, table, key, column and both values; nothing in a value reaches the terminal as an order."""
    assert comparison(compared(ONE_CELL, EQUAL)) == [
        "READ MODEL  TABLE     ROWS HERE  ROWS THERE  CHECKSUM          RESULT",
        "accounts    accounts  1,234      1,234       –                 1 differ",
        "target      targets       1          1       00a1b2c3d4e5f607  equal",
        "",
        "accounts, table accounts:",
        "  account_id 4f",
        '    code: NULL here, "" there',
        '    email: a<U+001B> here, "b " there',
        "",
        "Not equal. The first difference: accounts, table accounts, account_id 4f.",
    ]


def test_rows_that_only_one_has_and_columns() -> None:
    """Long lists are cut, with their number."""
    rows = [Difference({"row": n}, "there") for n in range(9)]
    table = ComparedTable(
        "import_rows",
        "import_rows",
        0,
        40,
        40,
        expected=True,
        only_there=["new"],
        retyped=["row"],
        first=rows,
    )
    lines = comparison(compared(table, sound=True, changed=1))
    assert lines[1].endswith("40 differ, other columns (its logic changed)")
    assert lines[4:] == [
        "  Columns only there: new",
        "  Columns of another type there: row",
        *(f"  row {n}: only there" for n in range(5)),
        "  … and 35 more rows",
        "",
        "As expected: only tables of changed models differ: accounts (2 → 3); every rule holds.",
    ]


def test_a_row_without_a_key() -> None:
    """Told by all it says; it may be there more often in one set."""
    rows = [Difference({"row": "(1,x)"}, "both"), Difference({"row": "(2,y)"}, "here")]
    table = ComparedTable("loose", None, 4, 4, 2, first=rows)
    assert comparison(compared(table))[3:6] == [
        "–, table loose:",
        "  row (1,x): in both, more often in one",
        "  row (2,y): only here",
    ]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (ComparedTable("t", None, None, 4), "only there"),
        (ComparedTable("t", "m", 4, None, expected=True), "only here (its logic changed)"),
        (ComparedTable("t", "m", 4, 4), "not compared by row: another primary key"),
        (ComparedTable("t", "m", 4, 4, 0, only_here=["a"]), "rows equal, other columns"),
    ],
)
def test_tables_that_cannot_be_compared(table: ComparedTable, said: str) -> None:
    """The reason stands on the table's line."""
    assert comparison(compared(table))[1].endswith(said)


def test_broken_rules() -> None:
    """The rule as a sentence, how many break it, and the first of them."""
    assert comparison(compared(EQUAL, rule=BROKEN))[2:] == [
        "",
        "accounts, broken by 2 rows: Every account has a row.",
        "  account_id 4f, code –",
        "",
        "Equal, but 1 rule is broken.",
    ]


def test_what_may_not_differ_is_named_first() -> None:
    """A table of a changed model is named only if no other differs."""
    expected = ComparedTable("a", "a", 1, 1, 1, expected=True, first=[Difference({"id": 1}, "here")])
    assert first_difference(compared(expected, ONE_CELL)) == "accounts, table accounts, account_id 4f"
    assert first_difference(compared(expected)) == "a, table a, id 1"
    assert first_difference(compared(EQUAL)) is None
