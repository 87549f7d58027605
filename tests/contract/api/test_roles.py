"""Every operation of the document × every role × one's own and a foreign course, through the front."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import httpx2
import pytest

from deploy.openapi.tidying import Document, operations
from tests.contract.api.people import ROLES, Things, World
from tests.contract.api.role_table import ROWS, Row, values
from tests.contract.api.rules import NOT_IN_IT, PLACES, YES, Place, expected

if TYPE_CHECKING:
    from tests.e2e.site import Site

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
Cells = Mapping[tuple[str, Place], str]
_SHORT = {NOT_IN_IT: "-"}
_HEADS = dict(
    zip(ROLES, ("nobody", "bad", "outside", "other", "reader", "manager", "owner", "staff"), strict=True)
)


def test_every_operation_has_a_row(document: Document) -> None:
    """A new operation needs somebody to say who may use it."""
    assert set(ROWS) == {one["operationId"] for _, _, one in operations(document)}


async def test_everybody_may_what_the_table_says(
    site: "Site", world: World, document: Document, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each cell is asked over HTTP; the whole table is printed, and every cell that is otherwise."""
    places = {one["operationId"]: (method, path) for path, method, one in operations(document)}
    table: dict[str, Cells] = {}
    wrong: list[str] = []
    async with httpx2.AsyncClient(base_url=site.http.base_url, timeout=30) as http:
        for name, row in ROWS.items():
            method, path = places[name]
            cells = await _cells(http, method, path, row, world)
            wrong += [
                f"{name}, {role}, {place}: {got}, not {expected(row.rule, role, place)}"
                for (role, place), got in cells.items()
                if got != expected(row.rule, role, place)
            ]
            table[name] = cells
    with capsys.disabled():
        print("\n" + _text(table))
    assert not wrong, "\n".join(wrong)


async def _cells(http: httpx2.AsyncClient, method: str, path: str, row: Row, world: World) -> Cells:
    """What comes of one operation for everybody, all at once."""

    async def cell(role: str, place: Place) -> str:
        things = world.own if place == "own" else world.foreign
        return await _cell(http, method, values(path, row, things), row, things, world.headers[role])

    asked = [(role, place) for place in PLACES for role in ROLES]
    return dict(zip(asked, await asyncio.gather(*(cell(*who) for who in asked)), strict=True))


async def _cell(
    http: httpx2.AsyncClient, method: str, address: str, row: Row, things: Things, headers: Mapping[str, str]
) -> str:
    """Ask, and say in a word what came of it. Only the head of an endless answer is waited for."""
    sent = dict(row.send(things))
    sent["headers"] = {**sent.get("headers", {}), **headers}
    async with http.stream(method.upper(), address, **sent) as answer:
        status = answer.status_code
        if 200 <= status < 300 and row.holds is not None:
            body = (await answer.aread()).decode()
            return YES if row.holds(things) in body else NOT_IN_IT
        return YES if 200 <= status < 300 or status in row.also else str(status)


def _text(table: Mapping[str, Cells]) -> str:
    rows = [_line(name, [_SHORT.get(cell, cell) for cell in cells.values()]) for name, cells in table.items()]
    return "\n".join(
        [
            "- it is answered, without what belongs to the course",
            _line("", [place for place in PLACES for _ in ROLES]),
            _line("", [_HEADS[role] for _ in PLACES for role in ROLES]),
            *rows,
        ]
    )


def _line(name: str, cells: Sequence[str]) -> str:
    return name.ljust(37) + "".join(cell.ljust(8) for cell in cells)
