"""Rows of imports over HTTP, as lists and files, over real tables."""

import csv
import io
from typing import Any

import pytest

from schemas.row_class import RowClass
from services.common.database import Pool
from services.projector.import_rows.query import RowFilter, list_rows
from services.projector.web.cells import unescape
from tests.integration.projector.a_course import ROWS, STATUS, A, a_course, every
from tests.integration.projector.support import (
    client,
    feed,
    records,
)
from tests.unit.projector.stories import account_of, import_of


async def test_rows_say_how_each_stands(pool: Pool, admin: Pool) -> None:
    """Class, state, phase, error with its hint, attempts, next attempt, what it repeats."""
    await feed(pool, records(a_course().facts))
    async with client(pool, admin) as http:
        body = (await http.get(ROWS)).json()
    rows = body["results"]
    assert body["next"] is None
    assert [row["class"] for row in rows] == ["created", "failed", "waiting", "invalid", "duplicate"]
    assert [row["state"] for row in rows] == ["OK", "Erred", "Pending", None, None]
    assert (rows[0]["username"], rows[0]["error"], rows[0]["account_uuid"]) == (
        "u-ann",
        None,
        account_of("ann").hex,
    )
    assert rows[1]["error"] == {
        "code": "REFUSED",
        "message": "No.",
        "hint": "Check the address; then retry, or correct the row.",
        "can_retry": True,
    }
    assert (rows[2]["phase"], rows[2]["next_attempt"]) == ("retry_scheduled", "2026-03-02T08:05:00Z")
    assert (rows[3]["error"]["code"], rows[3]["account_uuid"], rows[3]["line"]) == ("EMAIL_INVALID", None, 5)
    assert rows[4]["duplicate_of"] == 1


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"class": ["failed", "created"]}, [1, 2]),
        ({"code": "EMAIL_INVALID"}, [4]),
        ({"code": "REFUSED"}, [2]),
        ({"text": "BEN@"}, [2]),
        ({"text": "row 3"}, [3]),
        ({"text": "no such text"}, []),
        ({"class": "closed"}, []),
        ({"class": ["failed", "invalid", "duplicate"]}, [2, 4, 5]),
        ({"class": "waiting", "code": "TARGET_UNREACHABLE"}, [3]),
        ({"closing": "kept"}, []),
    ],
)
async def test_rows_can_be_filtered(
    pool: Pool, admin: Pool, filters: dict[str, Any], expected: list[int]
) -> None:
    """By class (several), by code, by a part of address or description in any case."""
    await feed(pool, records(a_course().facts))
    async with client(pool, admin) as http:
        body = (await http.get(ROWS, params=filters)).json()
    assert [row["row"] for row in body["results"]] == expected


@pytest.mark.parametrize("window", [1, 2, 3, 100])
async def test_a_filter_looks_through_the_import_in_windows(pool: Pool, window: int) -> None:
    """However small they are, nothing is missed or shown twice, and a page is never overfull."""
    await feed(pool, records(a_course().facts))
    only = RowFilter(classes=(RowClass.FAILED, RowClass.INVALID))
    rows = await list_rows(pool, A, only, limit=10, window=window)
    first = await list_rows(pool, A, only, limit=1, window=window)
    assert ([row["row"] for row in rows], [row["row"] for row in first]) == ([2, 4], [2])


async def test_lists_are_paged_by_cursor(pool: Pool, admin: Pool) -> None:
    """Following `next` shows everything once and keeps the filters; a made-up cursor is a plain 400."""
    story = a_course()
    for name in ("b", "c", "d"):
        story.accepted(name, 1)
    await feed(pool, records(story.facts))
    async with client(pool, admin) as http:
        rows = await every(http, f"{ROWS}?page_size=1&class=failed&class=invalid")
        imports = await every(http, "/api/course-imports/?page_size=2")
        running = await every(http, "/api/course-imports/?page_size=1&state=running")
        finished = await every(http, "/api/course-imports/?state=finished")
        elsewhere = await every(http, f"/api/course-imports/?project={A.hex}")
        broken = await http.get(f"{ROWS}?cursor=nonsense")
    assert [row["row"] for row in rows] == [2, 4]
    names = [import_of(name).hex for name in ("d", "c", "b", "a")]
    assert [found["uuid"] for found in imports] == [found["uuid"] for found in running] == names
    assert finished == elsewhere == []
    assert (broken.status_code, broken.json()["code"]) == (400, "INVALID_REQUEST")


async def test_rows_can_be_entered_anywhere(pool: Pool, admin: Pool) -> None:
    """`after` begins behind a row, and following `next` goes on from there; a cursor goes before it."""
    await feed(pool, records(a_course().facts))
    async with client(pool, admin) as http:
        behind = await every(http, f"{ROWS}?page_size=1&after=2")
        beyond = (await http.get(f"{ROWS}?after=100000")).json()
        negative = await http.get(f"{ROWS}?after=-1")
    assert [row["row"] for row in behind] == list(range(3, 3 + len(behind)))
    assert len(behind) > 1
    assert beyond == {"results": [], "next": None}
    assert negative.status_code == 400


async def test_failures_are_a_file_that_can_come_back(pool: Pool, admin: Pool) -> None:
    """Failed and invalid rows with their codes; cells that look like formulas are defused and can be undone."""
    await feed(pool, records(a_course().facts))
    async with client(pool, admin) as http:
        answer = await http.get(f"{STATUS}failures.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert rows == [
        {"email": "ben@example.org", "description": "row 2", "row": "2", "line": "3", "error_code": "REFUSED",
         "error": "No."},
        {"email": "'=row4", "description": "as it was", "row": "4", "line": "5", "error_code": "EMAIL_INVALID",
         "error": "This is not an e-mail address."},
    ]  # fmt: skip
    assert unescape(rows[1]["email"]) == "=row4"


async def test_created_accounts_are_a_file(pool: Pool, admin: Pool) -> None:
    """What this import created, with usernames."""
    await feed(pool, records(a_course().facts))
    async with client(pool, admin) as http:
        answer = await http.get(f"{STATUS}accounts.csv")
    assert answer.text.splitlines() == [
        "email,description,username,row,line",
        "ann@example.org,row 1,u-ann,1,2",
    ]


async def test_all_rows_are_a_file(pool: Pool, admin: Pool) -> None:
    """Every row with its class, what is wrong with it, its username and account; formulas are defused."""
    await feed(pool, records(a_course().facts))
    async with client(pool, admin) as http:
        answer = await http.get(f"{STATUS}rows.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["row"], row["class"], row["error_code"], row["username"]) for row in rows] == [
        ("1", "created", "", "u-ann"),
        ("2", "failed", "REFUSED", ""),
        ("3", "waiting", "", ""),
        ("4", "invalid", "EMAIL_INVALID", ""),
        ("5", "duplicate", "DUPLICATE", ""),
    ]
    assert (rows[0]["account_uuid"], rows[1]["error"]) == (account_of("ann").hex, "No.")
    assert (rows[3]["email"], rows[4]["duplicate_of"]) == ("'=row4", "1")
