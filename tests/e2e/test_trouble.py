"""Trouble from outside: an account service that is away, files nobody can read, records nobody can read."""

from pathlib import Path

import pytest

from schemas.facts import AccountFailed
from schemas.facts.target import TargetFact
from schemas.topics import LOG
from services.common.partitioner import partitions_for
from tests.e2e.raw import publish_raw
from tests.e2e.site import UNGUARDED, Course, Site, check_equation
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


async def test_rows_wait_for_an_account_service_that_is_down(site: Site, course: Course) -> None:
    """Down in the middle: rows wait and say why; nothing fails; when it is back they go on by themselves."""
    await site.faults(**UNGUARDED, latency_ms=100)
    command, import_id = await site.begin_import(course, course.file(site.folder, 1000))
    await site.progress(import_id, 200)
    await site.faults(**UNGUARDED, down="unavailable")

    async def waiting() -> bool:
        status = await site.status(import_id)
        if not status["counts"]["waiting"]:
            return False
        assert status["waiting"]["reason"]
        return bool(status["waiting"]["next_attempt"])  # null while one is being made

    await until(waiting, "rows that wait", within_s=60)
    await site.faults(**UNGUARDED)
    ended = await command.end()
    assert (ended.code, ended.last["counts"]["created"]) == (0, 1000), ended.err
    evidence = await site.check(course)
    assert len(evidence.created) == 1000
    assert not any(isinstance(fact, AccountFailed) for facts in evidence.outcomes.values() for fact in facts)


_UNUSABLE = {
    "not a CSV": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01",
    "empty": b"",
    "without e-mail": b"name,phone\nAnna,123\n",
}


@pytest.mark.parametrize("content", _UNUSABLE.values(), ids=_UNUSABLE)
async def test_an_unusable_file_is_refused_in_a_sentence(site: Site, course: Course, content: bytes) -> None:
    """Exit 1 and HTTP 422, a plain sentence with a code; nothing is created."""
    file = site.folder / "unusable.csv"
    file.write_bytes(content)
    ended = await site.person.run("import", file, "--project", course.project_id.hex, "--wait")
    assert ended.code == 1
    assert ended.out == ""
    _is_a_sentence(ended.err)
    answer = await site.http.post(
        "/api/import-drafts/",
        data={"project": course.project_id.hex},
        files={"file": ("unusable.csv", content, "text/csv")},
    )
    problem = answer.json()
    assert (answer.status_code, problem["status"]) == (422, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["code"]
    _is_a_sentence(problem["detail"])
    listed = await site.http.get(f"/api/course-imports/?project={course.project_id.hex}")
    assert listed.json()["results"] == []
    evidence = await site.evidence(course)
    assert [event for event in evidence.events if not isinstance(event.fact, TargetFact)] == []
    assert evidence.created == []


def _is_a_sentence(text: str) -> None:
    assert text.strip()
    assert "Traceback" not in text
    assert "." in text


async def test_a_file_that_is_not_there(site: Site, course: Course) -> None:
    """The person mistyped: exit 1, and the name they typed."""
    missing = Path("no-such-file.csv")
    ended = await site.person.run("import", missing, "--project", course.project_id.hex)
    assert ended.code == 1
    assert "no-such-file.csv" in ended.err


_TYPE = ("ce_type", b"org.course-accounts.account-created.v1")
_UNREADABLE = {
    "bad JSON": (b"a key", b"{", [_TYPE]),
    "no envelope": (b"a key", b"{}", []),
    "a header without bytes that are text": (b"a key", b"{}", [("ce_type", b"\xff")]),
    "no value": (b"a key", None, [_TYPE]),
    "no key": (None, b"[]", [_TYPE]),
}


async def test_a_record_nobody_can_read_is_parked(site: Site, course: Course) -> None:
    """Provisioner and projector keep it with its reason where the log says it lies; the partition goes on."""
    file = course.file(site.folder, 60)
    ended = await site.import_file(course, file)
    [partition] = partitions_for([b"a key"], 12)
    offsets = [
        await publish_raw(site.installation.ready["kafka"], LOG, partition, key, value, headers)
        for key, value, headers in _UNREADABLE.values()
    ]
    assert ended.code == 0
    again = await site.import_file(course, course.file(site.folder, 60, first=61))
    assert (again.code, again.last["counts"]["created"]) == (0, 60), again.err
    check_equation(again.last)
    assert len((await site.check(course)).created) == 120
    for service in ("provisioner", "projector"):
        parked = await site.tables.fetch(
            f"SELECT record_offset, code, reason FROM {service}.parked "  # noqa: S608 - our own names
            "WHERE topic = $1 AND partition = $2 AND record_offset = ANY($3)",
            LOG,
            partition,
            offsets,
        )
        assert {row["record_offset"] for row in parked} >= set(_expected(offsets, service)), parked
        assert all(row["code"] and row["reason"] for row in parked)


def _expected(offsets: list[int], service: str) -> list[int]:
    unknown = list(_UNREADABLE).index("a header without bytes that are text")
    # A type no reader knows may be of a newer version: the projector leaves it to that.
    return [offset for number, offset in enumerate(offsets) if number != unknown or service == "provisioner"]
