"""The story of an account, and what waits, over HTTP, over real tables."""

from datetime import timedelta

from schemas.projects import CourseProject
from services.common.database import Pool
from tests.integration.projector.a_course import ACCOUNTS, A, a_course, every
from tests.integration.projector.support import GUEST, client, feed, project_record, records, tables
from tests.unit.projector.memory import Tables
from tests.unit.projector.stories import PROJECT, START, Story, account_of, claim, import_of

WAITING = "/api/waiting/"
A1, A2 = claim("a", 1), claim("a", 2)


async def test_a_story_page_by_page(pool: Pool, admin: Pool) -> None:
    """In order, each event once however the batches were cut; an unknown account is 404, a guest 403."""
    story = Story().accepted("a", 1).requested("a", 1, "ann").retried("ann", A1).created("ann", A1)
    story.closing("ann", A1).closed("ann", A1)
    await feed(pool, records([*story.facts, *story.facts]), size=2)
    path = f"{ACCOUNTS}{account_of('ann').hex}/history/"
    async with client(pool, admin) as http:
        whole = (await http.get(path)).json()["results"]
        paged = await every(http, f"{path}?page_size=2")
        unknown = await http.get(f"{ACCOUNTS}{A.hex}/history/")
        broken = await http.get(f"{path}?cursor=nonsense")
        guest = await http.get(path, headers={"Authorization": f"Token {GUEST}"})
    events = ["requested", "retried", "created", "close_requested", "closed"]
    assert [event["event"] for event in whole] == events
    assert paged == whole
    assert whole[2] == {
        "time": "2026-03-02T08:00:03Z",
        "event": "created",
        "sentence": "The account u-ann was made.",
        "by": None,
        "data": {"username": "u-ann"},
        "import": A.hex,
        "row": 1,
    }
    assert (unknown.status_code, unknown.json()["code"]) == (404, "NOT_FOUND")
    assert (broken.status_code, guest.status_code) == (400, 404)


async def test_stories_and_waiting_accounts_are_the_folds(pool: Pool) -> None:
    """What Postgres holds is what the pure folds say, row for row, however the batches are cut."""
    story = a_course().retried("cleo", claim("a", 3), attempt=2).requested("b", 1, "ann", if_erred="leave")
    await feed(pool, records(story.facts), size=3)
    expected, found = Tables().fold(story.facts), await tables(pool)
    assert sorted(tuple(row.values()) for row in found["account_story"]) == sorted(
        (*entry[:-1], entry.data.decode()) for entry in expected.stories.values()
    )
    assert [tuple(row.values()) for row in found["waiting"]] == [*expected.waits.values()]


async def test_stories_outlive_emptied_accounts(pool: Pool) -> None:
    """Where only accounts were emptied, events that are told already are left as they are, and nothing stops."""
    log = records(a_course().facts)
    await feed(pool, log)
    before = await tables(pool)
    await pool.execute(
        "TRUNCATE accounts, import_rows, imports, import_progress, account_counts, account_addresses, waiting, "
        "positions"
    )
    await feed(pool, log, size=2)
    assert await tables(pool) == before


async def test_what_waits_for_another_attempt(pool: Pool, admin: Pool) -> None:
    """By cause, project and import, since when, and the row that waits longest; gone once it is made."""
    story = a_course()
    project = CourseProject(project_id=PROJECT.project_id, name="P", slug="p")
    await feed(pool, [*records(story.facts), project_record(project, 0)])
    async with client(pool, admin) as http:
        body = (await http.get(WAITING)).json()
        small = (await http.get(f"{WAITING}?imports=0&oldest=0")).json()
        story.created("cleo", claim("a", 3))
        await pool.execute("TRUNCATE positions")
        await feed(pool, records(story.facts))
        nothing = (await http.get(WAITING)).json()
        too_many = await http.get(f"{WAITING}?oldest=101")
    sums = {"count": 1, "oldest_since": "2026-03-02T08:00:07Z", "next_attempt": "2026-03-02T08:05:00Z"}
    assert body == {
        "total": 1,
        "retrying": 1,
        "pending": 0,
        "oldest_since": sums["oldest_since"],
        "next_attempt": sums["next_attempt"],
        "target": {"state": "answering", "since": None, "code": None, "reason": None, "next_probe": None},
        "causes": [{"code": "TARGET_UNREACHABLE", "sentence": "The account service cannot be reached.", **sums}],
        "projects": [{"project_uuid": PROJECT.project_id.hex, "project_name": "P", **sums}],
        "imports": [
            {"import": A.hex, "project_uuid": PROJECT.project_id.hex, "project_name": "P", **sums}
        ],
        "oldest": [
            {
                "account_uuid": account_of("cleo").hex,
                "import": A.hex,
                "row": 3,
                "code": "TARGET_UNREACHABLE",
                "sentence": "The account service cannot be reached.",
                "since": sums["oldest_since"],
                "attempts": 1,
                "next_attempt": sums["next_attempt"],
            }
        ],
    }  # fmt: skip
    assert (small["total"], small["imports"], small["oldest"]) == (1, [], [])
    assert (nothing["total"], nothing["causes"], nothing["oldest"]) == (0, [], [])
    assert too_many.status_code == 400


async def test_pending_rows_wait_while_the_account_service_is_paused(pool: Pool, admin: Pool) -> None:
    """Exactly as many as the imports count, with the pause as their cause; corrected rows count once."""
    story = Story().accepted("a", 4, 3).skipped("a", _4="invalid")
    for row, person in enumerate(("ann", "ben", "cleo"), start=1):
        story.requested("a", row, person)
    story.created("ann", A1).failed("ben", A2).requested("a", 2, "bea", revision=1).accepted("b", 7)
    await feed(pool, records(story.paused().facts))
    async with client(pool, admin) as http:
        body = (await http.get(WAITING)).json()
        imports = {one["uuid"]: one["counts"] for one in await every(http, "/api/course-imports/")}
    assert (body["total"], body["retrying"], body["pending"]) == (9, 0, 9)
    assert {one["import"]: one["count"] for one in body["imports"]} == {A.hex: 2, import_of("b").hex: 7}
    assert {uuid: counts["waiting"] for uuid, counts in imports.items()} == {A.hex: 2, import_of("b").hex: 7}
    assert body["target"]["state"] == "paused"
    assert [(cause["code"], cause["count"]) for cause in body["causes"]] == [("TARGET_UNREACHABLE", 9)]
    assert [(row["import"], row["row"]) for row in body["oldest"]] == [(A.hex, 2), (A.hex, 3)]
    assert body["oldest_since"] == (START + timedelta(0)).isoformat().replace("+00:00", "Z")
