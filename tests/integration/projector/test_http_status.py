"""The status of an import over HTTP, over real tables."""

from collections.abc import Callable
from datetime import timedelta

from services.common.database import Pool
from tests.integration.projector.a_course import ROWS, STATUS, A, a_course, equation
from tests.integration.projector.support import (
    INTERNAL,
    NOW,
    client,
    feed,
    reader,
    records,
    take_over,
)
from tests.unit.projector.stories import PROJECT, START, Story, claim


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
                    "next_attempt": None},
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
