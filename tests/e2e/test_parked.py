"""What nobody could read, through the front and the command line: seen, explained, redriven, dropped."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from schemas.codec import encode_project
from schemas.ids import requested_import_id
from schemas.projects import CourseProject
from schemas.requests import AccountWish, ImportRequested, encode_request
from schemas.topics import LOG, PROJECTS, REQUESTS
from tests.e2e.raw import publish_raw
from tests.e2e.site import Site
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

SOURCE = "student-records"


async def test_a_request_that_came_before_its_project_is_taken_after_all(site: Site) -> None:
    """Parked, explained, refused again; once the project is there it becomes one import, under its own event."""
    today = datetime.now(UTC).date()
    project = CourseProject(
        project_id=uuid4(),
        name="Late",
        slug=f"late-{uuid4().hex[:8]}",
        start_date=today,
        end_date=today + timedelta(days=30),
    )
    key, event_id = uuid4().hex, uuid4()
    wish = ImportRequested(
        project=project.project_id,
        idempotency_key=key,
        accounts=(AccountWish(email=f"{key}@example.org"),),
    )
    encoded = encode_request(
        wish, event_id=str(event_id), source=SOURCE, time=datetime.now(UTC), key=key.encode()
    )
    [(partition, offset)] = await site.publish(REQUESTS, encoded)
    record = f"{REQUESTS}~{partition}~{offset}"

    async def parked() -> bool:
        shown = await site.person.run("parked", "show", record, "--service", "importer", "--json")
        return shown.code == 0 and json.loads(shown.out)["code"] == "PROJECT_UNKNOWN"

    await until(parked, "the request to be parked")
    explained = await site.person.run("parked", "explain", record)
    assert "Have the project published, then redrive" in explained.out
    redrive = (
        "parked",
        "redrive",
        "--service",
        "importer",
        record,
        "--yes",
        "--wait",
        "--reason",
        "it is there",
    )
    again = await site.person.run(*redrive)
    assert again.code == 5, again.err
    assert "PROJECT_UNKNOWN" in again.out
    await site.publish(PROJECTS, encode_project(project, source="test", time=datetime.now(UTC)))

    async def taken() -> bool:
        return (await site.person.run(*redrive)).code == 0

    await until(taken, "the request to be taken")
    import_id = requested_import_id(SOURCE, key).hex

    async def created() -> bool:
        answer = await site.http.get(f"/api/course-imports/{import_id}/")
        return answer.status_code == 200 and answer.json()["counts"]["created"] == 1

    await until(created, "the account")
    once_more = await site.person.run(*redrive)
    assert (once_more.code, "No longer parked: 1 record" in once_more.out) == (0, True)


async def test_garbage_on_the_log_is_redriven_in_vain_and_dropped(site: Site) -> None:
    """The provisioner and the projector each have it; each says so; what nobody needs is marked, and still there."""
    offset = await publish_raw(
        site.installation.ready["kafka"],
        LOG,
        0,
        b"a key",
        b"{\x00",
        [("ce_type", b"org.course-accounts.account-created.v1")],
    )
    record = f"{LOG}~0~{offset}"

    async def in_both() -> bool:
        found = await site.person.run("parked", "show", record)
        return found.out.count("BAD_FACT") >= 2

    await until(in_both, "the record to be parked twice")
    for service in ("provisioner", "projector"):
        ended = await site.person.run("parked", "redrive", "-s", service, record, "--yes", "--wait")
        assert (ended.code, "Failed again, still parked: 1 record" in ended.out) == (5, True), ended.err
        ended = await site.person.run(
            "parked", "drop", "-s", service, record, "--yes", "--wait", "--reason", "a test made it"
        )
        assert (ended.code, ended.out) == (0, "Dropped: 1 record\n"), ended.err
        shown = json.loads((await site.person.run("parked", "show", record, "-s", service, "--json")).out)
        assert (shown["state"], shown["tries"], shown["value"]["bytes"]) == ("dropped", 1, 2)
        assert [past["action"] for past in shown["history"]] == ["drop", "redrive"]
    listed = await site.person.run("parked", "jobs", "--json")
    assert {"a test made it"} <= {one["reason"] for one in json.loads(listed.out)}
