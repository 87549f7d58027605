"""The HTTP contract of the projector, over real tables."""

import asyncio
import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Literal

import httpx2
import pytest

from schemas.projects import CourseProject, Customer
from schemas.row_class import RowClass
from services.common.database import Pool
from services.common.records import TopicPartition
from services.projector.core.board import Board
from services.projector.import_rows.query import RowFilter, list_rows
from services.projector.web.cells import unescape
from tests.integration.projector.support import (
    GUEST,
    INTERNAL,
    LOG,
    NOW,
    client,
    feed,
    project_record,
    reader,
    records,
    take_over,
)
from tests.unit.projector.stories import PROJECT, START, Story, account_of, claim, import_of

A = import_of("a")
STATUS = f"/api/course-imports/{A.hex}/"
ROWS, ACCOUNTS = f"{STATUS}rows/", "/api/marketplace-course-accounts/"


def a_course() -> Story:
    """Five rows: created, failed, waiting, invalid, duplicate."""
    story = Story().accepted("a", 5, 3).skipped("a", _4="invalid", _5="duplicate")
    for row, person in enumerate(("ann", "ben", "cleo"), start=1):
        story.requested("a", row, person)
    story.created("ann", claim("a", 1)).failed("ben", claim("a", 2)).retried("cleo", claim("a", 3))
    return story


def equation(status: dict[str, Any]) -> bool:
    """Whether the counts add up."""
    counts = dict(status["counts"])
    return bool(counts.pop("rows") == sum(counts.values()))


async def test_status_is_the_documented_answer(pool: Pool, admin: Pool) -> None:
    """Field for field, with the equation exact."""
    await feed(pool, records(a_course().facts))
    async with client(pool, admin) as http:
        answer = await http.get(STATUS)
        body = answer.json()
    assert body | {"rate": 0, "eta_seconds": 0} == {
        "uuid": A.hex,
        "state": "running",
        "source": "file",
        "project_uuid": PROJECT.project_id.hex,
        "created_by": "manager",
        "file": None,
        "submitted": "2026-03-02T08:00:00Z",
        "finished": None,
        "cancelled": None,
        "undo": None,
        "counts": {"rows": 5, "created": 1, "failed": 1, "pending": 0, "waiting": 1, "cancelled": 0, "closed": 0,
                   "existing": 0, "duplicate": 1, "invalid": 1},
        "waiting": {"since": "2026-03-02T08:00:07Z", "reason": "The account service cannot be reached.",
                    "next_attempt": "2026-03-02T08:05:00Z"},
        "timeline": [{"at": "2026-03-02T08:00:00Z", "what": "submitted", "by": "manager"}],
        "rate": 0, "eta_seconds": 0, "version": 8, "as_of_age": 3599.0, "poll_after": 3,
    }  # fmt: skip
    assert equation(body)
    assert answer.headers["cache-control"] == "no-cache"


async def test_an_unchanged_status_is_304_and_a_changed_one_is_not(pool: Pool, admin: Pool) -> None:
    """The entity tag is strong, and moves with every event of the import and with the account service."""
    story = a_course()
    handler = reader(pool)
    await take_over(handler)
    offsets: dict[int, int] = {}
    await handler.handle(records(story.facts, first=offsets))
    async with client(pool, admin) as http:
        etag = (await http.get(STATUS)).headers["etag"]
        assert not etag.startswith("W/")
        same = await http.get(STATUS, headers={"If-None-Match": f'"x", {etag}'})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", etag)
        seen = {etag}
        tellings: list[Callable[[], Story]] = [lambda: story.created("cleo", claim("a", 3)), story.paused]
        for tell in tellings:
            await handler.handle(records(tell().facts[-1:], first=offsets))
            answer = await http.get(STATUS, headers={"If-None-Match": etag})
            assert answer.status_code == 200
            etag = answer.headers["etag"]
            assert etag not in seen
            seen.add(etag)


async def test_a_finished_import_says_when(pool: Pool, admin: Pool) -> None:
    """The time of the event that made the last row final; nothing is waited for any more."""
    story = a_course().created("cleo", claim("a", 3))
    await feed(pool, records(story.facts))
    async with client(pool, admin) as http:
        body = (await http.get(STATUS)).json()
    assert (body["state"], body["finished"], body["waiting"]) == ("finished", "2026-03-02T08:00:08Z", None)
    assert (body["rate"], body["eta_seconds"]) == (0.0, None)


async def test_pending_rows_wait_while_the_account_service_is_paused(pool: Pool, admin: Pool) -> None:
    """One fact, not one a row: the counts, the rows and the filter say waiting, until it resumes."""
    story = Story().accepted("a", 1).requested("a", 1, "ann").paused()
    handler = reader(pool)
    await take_over(handler)
    offsets: dict[int, int] = {}
    await handler.handle(records(story.facts, first=offsets))
    async with client(pool, admin) as http:
        body = (await http.get(STATUS)).json()
        assert (body["counts"]["waiting"], body["counts"]["pending"]) == (1, 0)
        assert body["waiting"]["reason"] == "The account service cannot be reached."
        (row,) = (await http.get(ROWS, params={"class": "waiting"})).json()["results"]
        assert (row["class"], row["phase"]) == ("waiting", "waiting_for_account_service")
        await handler.handle(records(story.resumed().facts[-1:], first=offsets))
        assert (await http.get(STATUS)).json()["counts"]["pending"] == 1


async def test_an_import_appears_once_it_is_accepted(pool: Pool, admin: Pool) -> None:
    """Before that it is nowhere, though its rows are counted already."""
    story = Story().requested("a", 1, "ann").created("ann", claim("a", 1))
    handler = reader(pool)
    await take_over(handler)
    offsets: dict[int, int] = {}
    await handler.handle(records(story.facts, first=offsets))
    async with client(pool, admin) as http:
        for path in (STATUS, ROWS, f"{STATUS}failures.csv"):
            assert (await http.get(path)).status_code == 404
        assert (await http.get("/api/course-imports/")).json()["results"] == []
        await handler.handle(records(story.accepted("a", 1).facts[-1:], first=offsets))
        assert (await http.get(STATUS)).json()["counts"]["created"] == 1


async def test_a_cancelled_import_counts_the_rows_it_never_asked_for(pool: Pool, admin: Pool) -> None:
    """Rows after the last one sent are cancelled; the skipped ones among them stay what they are."""
    story = Story().accepted("a", 5, 3).skipped("a", _4="invalid", _5="duplicate").requested("a", 1, "ann")
    await feed(pool, records(story.created("ann", claim("a", 1)).cancelled("a", 1).facts))
    async with client(pool, admin) as http:
        body = (await http.get(STATUS)).json()
    assert body["state"] == "cancelled"
    assert (body["counts"]["cancelled"], body["counts"]["created"]) == (2, 1)
    assert equation(body)


async def test_a_corrected_row_counts_once(pool: Pool, admin: Pool) -> None:
    """It follows its highest revision; the failed one it replaces is gone from counts, rows and file."""
    story = Story().accepted("a", 1).requested("a", 1, "annn").failed("annn", claim("a", 1))
    story.requested("a", 1, "ann", revision=1).created("ann", claim("a", 1, 1))
    await feed(pool, records(story.facts))
    async with client(pool, admin) as http:
        body = (await http.get(STATUS)).json()
        rows = (await http.get(ROWS)).json()["results"]
        failures = (await http.get(f"{STATUS}failures.csv")).text
    assert (body["counts"]["created"], body["counts"]["failed"], equation(body)) == (1, 0, True)
    assert [(row["email"], row["class"], row["revision"]) for row in rows] == [
        ("ann@example.org", "created", 1)
    ]
    assert failures.splitlines() == ["email,description,row,line,error_code,error"]


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


async def every(http: httpx2.AsyncClient, path: str) -> list[dict[str, Any]]:
    """All results of a list, page by page."""
    found = []
    following: str | None = path
    while following:
        body = (await http.get(following)).json()
        found += body["results"]
        following = body["next"]
    return found


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


async def test_accounts_as_waldur_shows_them(pool: Pool, admin: Pool) -> None:
    """All fields of the contract, the project joined when read."""
    project = CourseProject(
        project_id=PROJECT.project_id,
        name="Renamed",
        slug="renamed",
        start_date=PROJECT.start_date,
        end_date=PROJECT.end_date,
        customer=Customer(customer_id=A, name="A faculty"),
    )
    await feed(pool, [*records(a_course().facts), project_record(project, 0)])
    async with client(pool, admin) as http:
        body = (await http.get(f"{ACCOUNTS}{account_of('ben')}")).json()
        unknown = await http.get(f"{ACCOUNTS}{A.hex}/")
    assert body == {
        "url": f"http://front.example{ACCOUNTS}{account_of('ben').hex}/",
        "uuid": account_of("ben").hex,
        "created": "2026-03-02T08:00:03Z",
        "modified": "2026-03-02T08:00:06Z",
        "project": PROJECT.project_id.hex,
        "project_uuid": PROJECT.project_id.hex,
        "project_name": "Renamed",
        "project_slug": "renamed",
        "project_start_date": "2026-03-01",
        "project_end_date": "2099-06-30",
        "user_uuid": "manager",
        "username": None,
        "customer_uuid": A.hex,
        "customer_name": "A faculty",
        "state": "Erred",
        "phase": None,
        "error_message": "No.",
        "error_traceback": "",
        "email": "ben@example.org",
        "description": "row 2",
    }
    assert (unknown.status_code, unknown.json()["code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("o=email", ["ann", "ben", "cleo"]),
        ("o=-email", ["cleo", "ben", "ann"]),
        ("", ["cleo", "ben", "ann"]),
        ("o=state,-created", ["ben", "ann", "cleo"]),
        ("email=BEN", ["ben"]),
        ("username=u-ann", ["ann"]),
        ("state=OK&state=Pending&o=created", ["ann", "cleo"]),
        (f"project_uuid={PROJECT.project_id}&o=email", ["ann", "ben", "cleo"]),
        (f"project_uuid={A.hex}", []),
    ],
)
async def test_accounts_can_be_filtered_and_ordered(
    pool: Pool, admin: Pool, query: str, expected: list[str]
) -> None:
    """As Waldur's clients do it."""
    await feed(pool, records(a_course().facts))
    async with client(pool, admin) as http:
        answer = await http.get(f"{ACCOUNTS}?{query}")
    assert [account["email"].partition("@")[0] for account in answer.json()] == expected
    assert answer.headers["x-result-count"] == str(len(expected))


async def test_accounts_are_paged_by_number(pool: Pool, admin: Pool) -> None:
    """`X-Result-Count` and `Link`, also for HEAD; a page beyond the last is 404, an unknown order 400."""
    await feed(pool, records(a_course().facts))
    async with client(pool, admin) as http:
        second = await http.get(f"{ACCOUNTS}?page=2&page_size=1&o=email")
        head = await http.head(f"{ACCOUNTS}?page_size=1")
        beyond = await http.get(f"{ACCOUNTS}?page=4&page_size=1")
        disorder = await http.get(f"{ACCOUNTS}?o=password")
        too_many = await http.get(f"{ACCOUNTS}?page_size=301")
    assert [account["email"] for account in second.json()] == ["ben@example.org"]
    assert second.headers["x-result-count"] == head.headers["x-result-count"] == "3"
    assert {name: link["url"].rpartition("page=")[2] for name, link in second.links.items()} == {
        "first": "1", "prev": "1", "next": "3", "last": "3",
    }  # fmt: skip
    assert second.links["next"]["url"].startswith(f"http://front.example{ACCOUNTS}?page_size=1&o=email")
    assert (head.status_code, beyond.status_code) == (200, 404)
    assert disorder.status_code == too_many.status_code == 400


async def test_projects_are_listed_by_name(pool: Pool, admin: Pool) -> None:
    """Deleted ones are left out; one can be read alone."""
    names: list[tuple[str, Literal["active", "deleted"]]] = [
        ("Zoology", "active"),
        ("Gone", "deleted"),
        ("Algebra", "active"),
    ]
    projects = [
        CourseProject(project_id=import_of(name), name=name, slug=name, status=status)
        for name, status in names
    ]
    await feed(pool, [project_record(project, at) for at, project in enumerate(projects)])
    async with client(pool, admin) as http:
        listed = await every(http, "/api/course-projects/?page_size=1")
        one = (await http.get(f"/api/course-projects/{import_of('Zoology').hex}/")).json()
        gone = await http.get(f"/api/course-projects/{import_of('Gone').hex}/")
    assert [project["name"] for project in listed] == ["Algebra", "Zoology"]
    assert one == {"uuid": import_of("Zoology").hex, "name": "Zoology", "slug": "Zoology", "kind": "course",
                   "start_date": None, "end_date": None, "ends_at": None}  # fmt: skip
    assert gone.status_code == 404


@pytest.mark.parametrize("path", ["/api/course-imports/", STATUS, ROWS, f"{STATUS}failures.csv", ACCOUNTS,
                                  "/api/course-projects/"])  # fmt: skip
async def test_only_staff_may_read(pool: Pool, admin: Pool, path: str) -> None:
    """401 without a token, 403 with a guest's."""
    async with client(pool, admin) as http:
        nobody = await http.get(path, headers={"Authorization": ""})
        guest = await http.get(path, headers={"Authorization": f"Bearer {GUEST}"})
    assert (nobody.status_code, guest.status_code) == (401, 403)


async def test_what_is_not_there_is_404(pool: Pool, admin: Pool) -> None:
    """Unknown ids and texts that are no ids, everywhere alike."""
    async with client(pool, admin) as http:
        for path in ("course-imports/nonsense/", f"course-imports/{A}/", f"course-imports/{A}/rows/",
                     f"course-imports/{A}/accounts.csv", "marketplace-course-accounts/nonsense/"):  # fmt: skip
            answer = await http.get(f"/api/{path}")
            assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_passed_answers_as_soon_as_the_tables_are_there(pool: Pool, admin: Pool) -> None:
    """At once, after the fold of this copy or of another one, or 408; and only for our own services."""
    log = records(a_course().facts)
    board = Board()
    ours = {"Authorization": f"Bearer {INTERNAL}"}
    partition = log[0].partition
    of_partition = [record for record in log if record.partition == partition]
    place: dict[str, Any] = {"topic": LOG, "partition": partition, "offset": of_partition[-1].offset}
    async with client(pool, admin, board=board) as http:
        late = await http.get("/internal/passed", params={**place, "wait": 0.05}, headers=ours)
        assert (late.status_code, late.json()["code"]) == (408, "NOT_PASSED_YET")
        waiting = asyncio.create_task(http.get("/internal/passed", params={**place, "wait": 5}, headers=ours))
        handler = reader(pool, board)
        await take_over(handler)
        await handler.handle(log)
        assert (await waiting).status_code == 200
        denied = await http.get("/internal/passed", params=place)
        assert denied.status_code == 401
        too_long = await http.get("/internal/passed", params={**place, "wait": 6}, headers=ours)
        assert too_long.status_code == 400
    async with client(pool, admin) as elsewhere:  # a copy whose own board knows nothing
        assert (await elsewhere.get("/internal/passed", params=place, headers=ours)).status_code == 200


async def test_waiters_wake_when_this_copy_moves() -> None:
    """Without asking the table."""
    board, here = Board(), TopicPartition(LOG, 0)
    board.reached({here: 3})
    assert await board.passed(None, here, 2, wait_s=0)  # type: ignore[arg-type]


async def test_the_importer_gets_the_same_status(pool: Pool, admin: Pool) -> None:
    """Under `/internal/`, with the shared secret."""
    await feed(pool, records(a_course().facts))
    async with client(pool, admin) as http:
        public = (await http.get(STATUS)).json()
        path = f"/internal/imports/{A}/status"
        internal = await http.get(path, headers={"Authorization": f"Bearer {INTERNAL}"})
        assert internal.json() == public
        assert (await http.get(path)).status_code == 401


async def test_the_rate_forgets_and_gives_a_time_to_go(pool: Pool, admin: Pool) -> None:
    """One row a second: about one a second, and as many seconds as rows are open; an hour later it is none."""
    story = Story().accepted("a", 60)
    for row in range(1, 31):
        story.requested("a", row, f"p{row}")
    for row in range(1, 31):
        story.created(f"p{row}", claim("a", row))
    await feed(pool, records(story.facts))
    just_now = START + timedelta(seconds=61)
    async with client(pool, admin, clock=lambda: just_now) as http:
        body = (await http.get(STATUS)).json()
        assert 0.8 < body["rate"] < 1.2
        assert 25 < body["eta_seconds"] < 38
    async with client(pool, admin, clock=lambda: NOW) as http:
        body = (await http.get(STATUS)).json()
        assert (body["rate"], body["eta_seconds"]) == (0.0, None)
