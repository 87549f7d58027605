"""`course-accounts parked` against a server that plays the three services."""

import json
from typing import Any

import pytest

from tests.integration.cli.conftest import Call
from tests.integration.cli.scripted import Answer, Script, problem
from tests.unit.cli.surroundings import surroundings

JOB = "3c" * 16
RECORD = "course-accounts.log.v1~3~1207"
SERVICES = ("importer", "provisioner", "projector")
ASK = "POST /api/parked/importer/redrive/"
SHOW = f"GET /api/parked/importer/jobs/{JOB}/"
COUNTED = Answer(
    200, {"dry_run": True, "found": 380, "records": 10, "by_code": {"BAD_FACT": 200, "NO_TYPE": 180}}
)


def record(service: str, **more: Any) -> dict[str, Any]:
    """A record as a service lists it."""
    return {"id": RECORD, "service": service, "code": "BAD_FACT", "message": "The value does not fit its schema.",
            "hint": "Upgrade, then redrive it.", "reason": "Expected int.", "state": "parked", "tries": 1,
            "parked": "2026-11-23T10:00:00Z", "type": "a.type", **more}  # fmt: skip


def job(state: str, **more: Any) -> dict[str, Any]:
    """A job of three records."""
    return {"uuid": JOB, "service": "importer", "action": "redrive", "state": state, "author": "mari", "total": 3,
            "reason": "mended", "created": "2026-11-23T10:00:00Z", "poll_after": 1, **more}  # fmt: skip


@pytest.fixture(autouse=True)
def usual(script: Script) -> None:
    """One record in the importer and the projector, none in the provisioner; a job that is over at the second look."""
    cause = {"service": "importer", "topic": "log", "code": "BAD_FACT", "message": "It does not fit.",
             "hint": "Upgrade.", "records": 2, "oldest": "2026-11-23T10:00:00Z"}  # fmt: skip
    for service in SERVICES:
        there = [] if service == "provisioner" else [record(service)]
        causes = [cause] if service == "importer" else []
        script.on(
            f"GET /api/parked/{service}/", Answer(200, {"results": there, "next": None, "causes": causes})
        )
        if there:
            opened = record(service, key={"bytes": 1, "text": "k"}, value={"bytes": 3, "text": "a\x1b\n"},
                            headers=[{"name": "ce_id", "value": {"bytes": 1, "base64": "/w=="}}],
                            history=[{"job": JOB, "action": "redrive", "author": "mari", "outcome": "failed",
                                      "code": "BAD_FACT", "why": "No.", "at": None}])  # fmt: skip
            script.on(f"GET /api/parked/{service}/{RECORD}/", Answer(200, opened))
    script.on(ASK, COUNTED, Answer(202, {"job": JOB, "records": 3}))
    script.on(SHOW, Answer(200, job("running", tried=1, done=1, rate=2.0, eta_seconds=1)),
              Answer(200, job("finished", tried=3, done=2, failed=1)))  # fmt: skip
    failure = {"id": RECORD, "code": "BAD_FACT", "reason": "Expected int.", "hint": "Upgrade."}
    script.on(
        f"GET /api/parked/importer/jobs/{JOB}/failures/", Answer(200, {"results": [failure], "next": None})
    )


def test_all_services_are_asked_for_what_is_parked(call: Call, script: Script) -> None:
    """One table, or one service's; filters go to the server."""
    code, here = call("parked")
    lines = here.stdout.text.splitlines()
    assert (code, [line.split()[0] for line in lines]) == (0, ["SERVICE", "importer", "projector"])
    assert "Expected int." in lines[1]
    call("parked", "list", "--service", "importer", "--code", "NO_TYPE", "--state", "dropped", "--limit", 1)
    assert script.lines()[-1] == "GET /api/parked/importer/?page_size=100&code=NO_TYPE&state=dropped"
    found = json.loads(call("parked", "list", "--json")[1].stdout.text)
    assert [one["service"] for one in found] == ["importer", "projector"]


def test_a_record_is_shown_harmless_wherever_it_is_parked(call: Call) -> None:
    """With bytes, headers and what was tried; nothing in it moves the cursor. Unknown ones have exit code 6."""
    code, here = call("parked", "show", RECORD.replace("~", ":"))
    assert code == 0
    assert here.stdout.text.count("BAD_FACT: The value does not fit its schema.") == 2
    assert "Value: a<U+001B> " in here.stdout.text
    assert "ce_id: base64 /w==" in here.stdout.text
    assert "redrive by mari, failed: BAD_FACT No." in here.stdout.text
    assert "\x1b" not in here.stdout.text
    assert call("parked", "show", RECORD, "--service", "provisioner")[0] == 6
    assert call("parked", "show", "nothing~0~1")[0] == 6


def test_causes_say_what_to_do(call: Call) -> None:
    """Of all that waits, or of one record."""
    text = call("parked", "explain")[1].stdout.text
    assert text.startswith("importer, log: 2 records, the oldest since ")
    assert "  BAD_FACT: It does not fit.\n  Upgrade.\n" in text
    assert "  Expected int.\n" in call("parked", "explain", RECORD)[1].stdout.text


def test_a_redrive_is_counted_agreed_to_and_followed(call: Call, script: Script) -> None:
    """Ten first; the count is shown; --wait ends with what failed again and exit code 5."""
    here = surroundings(terminal=True, typed="n\n")
    assert call("parked", "redrive", "--service", "importer", "--all", here=here)[0] == 3
    assert "10 of 380 parked records would be redriven." in here.stderr.text
    assert "Redrive 10 records? [y/N]" in here.stderr.text
    script.on(ASK, COUNTED, Answer(202, {"job": JOB, "records": 3}))
    code, here = call("parked", "redrive", "-s", "importer", "--code", "BAD_FACT", "--yes", "--wait",
                      "--rate", "5", "--reason", "mended")  # fmt: skip
    assert (code, here.stdout.text.splitlines()) == (
        5,
        [
            "Redriven: 2 records",
            "Failed again, still parked: 1 record",
            "  RECORD                         CODE      WHY",
            f"  {RECORD}  BAD_FACT  Expected int.",
            "  Upgrade.",
        ],
    )
    assert "1 of 3 records, 2.0 records/s, 1.0 s left" in here.stderr.text
    asked = script.find(ASK)[-1]
    assert json.loads(asked.body) == {"codes": ["BAD_FACT"], "limit": 10, "rate": 5.0, "reason": "mended"}
    assert asked.headers["Idempotency-Key"]


def test_scripts_are_asked_nothing(call: Call, script: Script) -> None:
    """--dry-run only counts; with --yes and --json the answer is the server's."""
    code, here = call("parked", "redrive", "-s", "importer", "--all", "--dry-run", "--json")
    assert (code, json.loads(here.stdout.text)["found"]) == (0, 380)
    script.on(ASK, Answer(202, {"job": JOB, "records": 3}))
    code, here = call("parked", "redrive", "-s", "importer", RECORD, "--yes", "--json")
    assert (code, json.loads(here.stdout.text)) == (0, {"job": JOB, "records": 3})
    assert json.loads(script.find(ASK)[-1].body)["records"] == [RECORD]
    script.on("POST /api/parked/projector/drop/", Answer(202, {"job": JOB, "records": 1}))
    code, here = call("parked", "drop", "-s", "projector", RECORD, "--reason", "a test", "--yes", "--quiet")
    assert (code, here.stdout.text) == (0, f"{JOB}\n")


def test_orders_must_be_plain(call: Call) -> None:
    """Of which service, which records, and why they are dropped."""
    for arguments in (
        ("redrive", "--all"),
        ("redrive", "-s", "importer"),
        ("redrive", "-s", "importer", "--all", RECORD),
        ("drop", "-s", "importer", RECORD),
        ("redrive", "-s", "importer", "--all", "--limit", 0),
    ):
        assert call("parked", *arguments)[0] == 2, arguments


def test_jobs_are_listed_followed_and_cancelled(call: Call, script: Script) -> None:
    """Also without a word about whose they are: the one service that knows a job is found."""
    for service in SERVICES:
        known = [job("finished", tried=3)] if service == "importer" else []
        script.on(f"GET /api/parked/{service}/jobs/", Answer(200, {"results": known, "next": None}))
    lines = call("parked", "jobs")[1].stdout.text.splitlines()
    assert (len(lines), "mari" in lines[1], "mended" in lines[1]) == (2, True, True)
    assert call("parked", "jobs", JOB)[0] == 8
    assert call("parked", "jobs", JOB, "--wait")[0] == 5
    script.on(f"POST /api/parked/importer/jobs/{JOB}/cancel/", Answer(202, job("cancelled", tried=1, done=1)))
    code, here = call("parked", "cancel", JOB)
    assert (code, here.stdout.text) == (0, "Redriven: 1 record\nLeft when the job was cancelled: 2 records\n")
    script.on(f"POST /api/parked/importer/jobs/{JOB}/cancel/", problem(409, "JOB_OVER", "The job is over."))
    assert call("parked", "cancel", JOB)[0] == 1
    assert call("parked", "cancel", "4d" * 16)[0] == 6
