"""Where a page of a list lies, by the counts alone."""

from typing import Any

import pytest

from services.projector.account_lists.cells import cells_of, number_of, parts_of
from services.projector.account_lists.statement import order_by
from tests.unit.projector.stories import import_of

ALGEBRA, BOTANY = import_of("algebra"), import_of("botany")


def counts(name: str, **numbers: int) -> dict[str, Any]:
    """A row of counts of the project `name`."""
    standings = dict.fromkeys(("pending", "waiting", "ok", "erred", "closed"), 0)
    return {
        "project_id": import_of(name),
        "name": name,
        "start_date": None,
        "end_date": None,
        **standings,
        **numbers,
    }


ROWS = [counts("botany", ok=5, erred=2), counts("algebra", ok=3, pending=1, waiting=1)]


def places(order: tuple[str, ...], offset: int, limit: int, **more: Any) -> list[tuple[Any, ...]]:
    """Projects, states, offset and limit of each part of a page."""
    options: dict[str, Any] = {"states": None, "all_projects": True, **more}
    parts = parts_of(cells_of(ROWS, options["states"]), order, offset=offset, limit=limit, **options)
    return [(part.projects, part.states, part.offset, part.limit, part.order) for part in parts]


def test_cells_hold_what_is_there() -> None:
    """Waiting accounts are Pending; empty cells and other states are left out."""
    assert {(cell.project["name"], cell.state, cell.number) for cell in cells_of(ROWS, None)} == {
        ("botany", "OK", 5),
        ("botany", "Erred", 2),
        ("algebra", "OK", 3),
        ("algebra", "Pending", 2),
    }
    assert number_of(cells_of(ROWS, ("Erred", "Pending"))) == 4


@pytest.mark.parametrize(
    ("order", "offset", "limit", "expected"),
    [
        (("-created",), 3, 5, [(None, None, 3, 5, ("-created",))]),
        (("project_name", "email"), 0, 3, [([ALGEBRA], None, 0, 3, ("email",))]),
        (("project_name",), 4, 3, [([ALGEBRA], None, 4, 1, ()), ([BOTANY], None, 0, 2, ())]),
        (("-project_name",), 6, 9, [([BOTANY], None, 6, 1, ()), ([ALGEBRA], None, 0, 5, ())]),
        (
            ("state", "-username"),
            1,
            2,
            [
                ([BOTANY], ("Erred",), 1, 1, ("-username",)),
                ([BOTANY, ALGEBRA], ("OK",), 0, 1, ("-username",)),
            ],
        ),
        (("-state", "project_name"), 2, 1, [([ALGEBRA], ("OK",), 0, 1, ())]),
        (("project_start_date",), 0, 1, [([BOTANY, ALGEBRA], None, 0, 1, ())]),
        (("email",), 12, 5, []),
    ],
)
def test_a_page_lies_in_a_few_groups(order: Any, offset: int, limit: int, expected: Any) -> None:
    """Fields of projects and the state come first in whole groups; what follows is the order within."""
    assert places(order, offset, limit) == expected


def test_states_asked_for_stay_in_every_part() -> None:
    """Also where the order says nothing of them; then projects are only named where they help."""
    assert places(("project_name",), 0, 9, states=("Erred",)) == [([BOTANY], ("Erred",), 0, 2, ())]
    assert places((), 0, 9, states=("Erred",)) == [([BOTANY], ("Erred",), 0, 2, ())]


def test_every_order_ends_with_what_tells_all_apart() -> None:
    """The newest first, then ids; ids go the way of `created`, so that its index serves both."""
    assert order_by(("-created",)) == "a.created DESC, a.account_id DESC"
    assert order_by(("created",)) == "a.created ASC, a.account_id ASC"
    assert order_by(("-username",)) == "a.username DESC NULLS LAST, a.created DESC, a.account_id DESC"
    assert order_by(()) == "a.created DESC, a.account_id DESC"
    assert (
        order_by(("-username",), back=True) == "a.username ASC NULLS FIRST, a.created ASC, a.account_id ASC"
    )
    assert order_by(("created",), back=True) == "a.created DESC, a.account_id DESC"
