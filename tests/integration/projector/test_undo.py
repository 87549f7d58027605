"""Cancel and undo as the projector tells them: states, counts, buckets, timeline, and the rows behind each."""

from collections import Counter
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.facts import Fingerprint, ImportAccepted
from services.common.database import Pool
from tests.integration.projector.support import (
    EVERY_TABLE,
    INTERNAL,
    client,
    feed,
    reader,
    records,
    take_over,
)
from tests.unit.projector.stories import PROJECT, Story, claim, import_of

A = import_of("a")
LIST = "/api/course-imports/"
STATUS = f"{LIST}{A.hex}/"
ROWS = f"{STATUS}rows/"
PEOPLE = ("ann", "ben", "cleo")


async def told(pool: Pool, http: httpx2.AsyncClient, story: Story) -> dict[str, Any]:
    """The status after the whole story, in tables that were empty."""
    await pool.execute(f"TRUNCATE {EVERY_TABLE}")
    await feed(pool, records(story.facts), size=5)
    body: dict[str, Any] = (await http.get(STATUS)).json()
    return body


def created() -> Story:
    """An import of three rows, all created."""
    story = Story().accepted("a", 3)
    for row, person in enumerate(PEOPLE, 1):
        story.requested("a", row, person)
    for row, person in enumerate(PEOPLE, 1):
        story.created(person, claim("a", row))
    return story


async def test_an_undo_ends_when_every_created_row_has_its_answer(pool: Pool, admin: Pool) -> None:
    """Closed, kept with its reason, or given up; until then it is undoing, and each answer is counted."""
    story = created().undo_started("a")
    async with client(pool, admin) as http:
        body = await told(pool, http, story)
        assert body["state"] == "undoing"
        assert {name: body["undo"][name] for name in ("open", "closed", "kept", "failed")} == {
            "open": 3, "closed": 0, "kept": 0, "failed": 0,
        }  # fmt: skip
        story.closing("ann", claim("a", 1)).closing("ben", claim("a", 2)).kept("cleo", claim("a", 3))
        story.close_failed("ben", claim("a", 2))
        assert (await told(pool, http, story))["undo"]["open"] == 2
        story.closed("ann", claim("a", 1))
        body = await told(pool, http, story)
        assert (body["state"], body["undo"]["finished"], body["poll_after"] < 30) == ("undoing", None, True)
        story.close_failed("ben", claim("a", 2), again=False)
        body = await told(pool, http, story)
        kept = (await http.get(ROWS, params={"closing": "kept"})).json()["results"]
        failed = (await http.get(ROWS, params={"closing": "failed"})).json()["results"]
    assert body["undo"] == {
        "at": "2026-03-02T08:00:07Z", "by": "manager", "reason": "wrong course",
        "finished": "2026-03-02T08:00:13Z", "open": 0, "closed": 1, "kept": 1, "failed": 1,
    }  # fmt: skip
    assert (body["state"], body["counts"]["created"], body["counts"]["closed"]) == ("undone", 2, 1)
    assert [(step["what"], step["by"]) for step in body["timeline"]] == [
        ("submitted", "manager"), ("finished", None), ("undo_started", "manager"), ("undone", None),
    ]  # fmt: skip
    [row] = kept
    assert (row["row"], row["closing"]["outcome"], row["closing"]["code"]) == (3, "kept", "OTHER_CLAIM")
    [row] = failed
    assert (row["row"], row["phase"], row["closing"]["code"]) == (2, "close_failed", "TARGET_UNREACHABLE")
    assert row["closing"]["message"] == "The account service cannot be reached."


async def test_an_undo_waits_for_accounts_that_may_exist(pool: Pool, admin: Pool) -> None:
    """A failed row whose outcome is unknown is looked up first; one that was refused has nothing to close."""
    story = Story().accepted("a", 2).requested("a", 1, "ann").requested("a", 2, "ben")
    story.failed("ann", claim("a", 1), "OUTCOME_UNKNOWN", "unknown").failed("ben", claim("a", 2))
    async with client(pool, admin) as http:
        body = await told(pool, http, story.undo_started("a"))
        assert (body["state"], body["undo"]["open"]) == ("undoing", 1)
        body = await told(pool, http, story.closing("ann", claim("a", 1)).closed("ann", claim("a", 1)))
    assert (body["state"], body["undo"]["closed"], body["counts"]["failed"]) == ("undone", 1, 1)


async def test_a_cancel_says_who_and_when_and_ends(pool: Pool, admin: Pool) -> None:
    """Cancelling until every row that was sent is final; what was never sent is cancelled at once."""
    story = Story().accepted("a", 3).requested("a", 1, "ann").requested("a", 2, "ben").cancelled("a", 2)
    async with client(pool, admin) as http:
        body = await told(pool, http, story)
        assert (body["state"], body["counts"]["cancelled"], body["counts"]["pending"]) == ("cancelling", 1, 2)
        assert body["cancelled"] == {
            "at": "2026-03-02T08:00:03Z", "by": "manager", "reason": "a mistake", "last_row": 2,
        }  # fmt: skip
        body = await told(pool, http, story.stopped("ann", claim("a", 1)).created("ben", claim("a", 2)))
    assert (body["state"], body["finished"]) == ("cancelled", "2026-03-02T08:00:05Z")
    assert (body["counts"]["cancelled"], body["counts"]["created"]) == (2, 1)
    assert [step["what"] for step in body["timeline"]] == ["submitted", "cancel_requested", "cancelled"]


@st.composite
def imports_in_trouble(draw: st.DrawFn) -> tuple[Story, int]:
    """An import of five rows, two of them skipped, with a second one beside it; and the last row that was sent."""
    last = draw(st.integers(0, 3))
    story = Story().accepted("a", 5, 3).skipped("a", _4="invalid", _5="duplicate")
    for row, person in enumerate(PEOPLE[:last], 1):
        story.requested("a", row, person)
        if draw(st.booleans()):
            story.requested("b", row, person).met(person, claim("b", row), "pending")
    if last < 3 or draw(st.booleans()):
        story.cancelled("a", last)
    people = dict(enumerate(PEOPLE[:last], 1))
    revisions = dict.fromkeys(people, 0) | {4: 0}
    for _ in range(draw(st.integers(0, 12))):
        if not people:
            break
        row = draw(st.sampled_from(sorted(people)))
        person, of = people[row], claim("a", row, revisions[row])
        what = draw(st.sampled_from(["created", "failed", "waiting", "stopped", "closed", "kept", "closing",
                                     "unclosed", "reopened", "correct", "rescue", "undo"]))  # fmt: skip
        match what:
            case "created":
                story.created(person, of)
            case "failed":
                story.failed(person, of, effect=draw(st.sampled_from(["none", "unknown"])))
            case "waiting":
                story.retried(person, of)
            case "stopped":
                story.stopped(person, of)
            case "closed":
                story.closed(person, of)
            case "kept":
                story.kept(person, of)
            case "closing":
                story.closing(person, of)
            case "unclosed":
                story.close_failed(person, of, again=False)
            case "reopened":
                story.retried(person, claim("b", row), "claim", life=2)
            case "correct":
                revisions[row] += 1
                people[row] = f"{person}x"
                story.requested("a", row, people[row], revision=revisions[row])
            case "rescue":  # the row that was skipped as invalid
                revisions[4] += 1
                people[4] = f"dan{revisions[4]}"
                story.requested("a", 4, people[4], revision=revisions[4])
            case "undo":
                story.undo_started("a")
    return story, last


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=imports_in_trouble())
async def test_counts_are_those_of_the_rows(pool: Pool, admin: Pool, drawn: tuple[Story, int]) -> None:
    """Whatever happened: each class counts the rows that are listed in it, and those never sent are cancelled."""
    story, last = drawn
    async with client(pool, admin) as http:
        body = await told(pool, http, story)
        rows = (await http.get(ROWS)).json()["results"]
        counts = dict(body["counts"])
        assert counts.pop("rows") == sum(counts.values()) == 5
        listed = Counter(row["class"] for row in rows)
        listed["cancelled"] += 3 - last
        assert {name: number for name, number in counts.items() if number} == dict(+listed)
        failed = [row["row"] for row in rows if row["class"] in ("failed", "invalid")]
        found = (await http.get(ROWS, params={"class": ["failed", "invalid"]})).json()["results"]
        assert [row["row"] for row in found] == failed


async def test_one_row_alone(pool: Pool, admin: Pool) -> None:
    """In its highest revision, for people and for our own services; 404 where there is none."""
    story = Story().accepted("a", 2).skipped("a", _2="invalid").requested("a", 1, "ann")
    await feed(pool, records(story.requested("a", 2, "ben", revision=1).facts))
    internal, ours = f"/internal/imports/{A}/rows/2", {"Authorization": f"Bearer {INTERNAL}"}
    async with client(pool, admin) as http:
        one = (await http.get(f"{ROWS}2/")).json()
        assert (one["email"], one["revision"], one["class"]) == ("ben@example.org", 1, "pending")
        assert (await http.get(internal, headers=ours)).json() == one
        assert (await http.get(internal)).status_code == 401
        for path in (f"{ROWS}3/", f"{LIST}{import_of('x').hex}/rows/1/"):
            assert (await http.get(path)).status_code == 404
        assert (await http.get(f"{ROWS}0/")).status_code == 400


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["c", "b", "a"]),
        ({"source": "topic"}, ["b"]),
        ({"source": ["topic", "file"]}, ["c", "b", "a"]),
        ({"author": "somebody"}, ["b"]),
        ({"submitted_after": "2026-03-02T08:00:01Z"}, ["c", "b"]),
        ({"submitted_before": "2026-03-02T08:00:01Z"}, ["a"]),
        ({"submitted_after": "2026-03-02", "submitted_before": "2026-03-03"}, ["c", "b", "a"]),
        ({"submitted_after": "2026-03-02T10:00:02+02:00", "state": "running"}, ["c"]),
        ({"project": PROJECT.project_id.hex, "author": "nobody"}, []),
    ],
)
async def test_imports_can_be_filtered(
    pool: Pool, admin: Pool, query: dict[str, Any], names: list[str]
) -> None:
    """By source, author, time of submission (from inclusive, until exclusive), each row with its file."""
    story = Story().accepted("a", 1)
    accepted = story.facts[0][1]
    assert isinstance(accepted, ImportAccepted)
    story.tell(
        ImportAccepted(
            import_id=import_of("b"),
            project=PROJECT,
            rows=1,
            requested=1,
            verdicts=accepted.verdicts,
            choices=accepted.choices,
            author="somebody",
            source="topic",
            fingerprint=Fingerprint(sha256="ab" * 32, size=70),
        )
    )
    await feed(pool, records(story.accepted("c", 1).facts))
    async with client(pool, admin) as http:
        found = (await http.get(LIST, params=query)).json()["results"]
        assert (await http.get(LIST, params={"submitted_after": "soon"})).status_code == 400
    assert [one["uuid"] for one in found] == [import_of(name).hex for name in names]
    files = {one["uuid"]: one["file"] for one in found}
    if "b" in names:
        assert files[import_of("b").hex] == {"name": None, "bytes": 70, "sha256": "ab" * 32}


async def test_a_row_that_fails_and_recovers_is_found_only_while_it_is_failed(
    pool: Pool, admin: Pool
) -> None:
    """The index of failed rows follows every change, in one batch or over several."""
    story = Story().accepted("a", 1).requested("a", 1, "ann")
    handler = reader(pool)
    await take_over(handler)
    offsets: dict[int, int] = {}
    await handler.handle(records(story.facts, first=offsets))
    async with client(pool, admin) as http:
        for step, expected in (
            (lambda: story.failed("ann", claim("a", 1)), [1]),
            (lambda: story.retried("ann", claim("a", 1), "person"), []),
            (lambda: story.failed("ann", claim("a", 1)), [1]),
            (lambda: story.created("ann", claim("a", 1)), []),
        ):
            step()
            await handler.handle(records(story.facts[-1:], first=offsets))
            found = (await http.get(ROWS, params={"class": "failed"})).json()["results"]
            assert [row["row"] for row in found] == expected
