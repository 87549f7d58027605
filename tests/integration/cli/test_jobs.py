"""`course-accounts retry`, `close` and `jobs` against a server."""

import json
from typing import Any

import pytest

from tests.integration.cli.conftest import Call
from tests.integration.cli.course import IMPORT, PROJECT, STATUS, said, status
from tests.integration.cli.scripted import Answer, Script, problem
from tests.unit.cli.surroundings import surroundings

ONE, OTHER, JOB = "1a" * 16, "2b" * 16, "3c" * 16
ACCOUNT = f"/api/marketplace-course-accounts/{ONE}/"
ASK = "POST /api/jobs/"
SHOW = f"GET /api/jobs/{JOB}/"
REFUSALS = f"GET /api/jobs/{JOB}/refusals/"
COUNTED = {"dry_run": True, "action": "retry", "accounts": 3, "by_code": {"REFUSED": 2, "ADDRESS_TAKEN": 1},
           "by_state": {"erred": 3}}  # fmt: skip


def account(state: str, phase: str | None = None, **more: Any) -> dict[str, Any]:
    """An account as it is listed."""
    return {"uuid": ONE, "email": "ada@example.org", "state": state, "phase": phase, **more}


def job(state: str, **more: Any) -> dict[str, Any]:
    """A job of three accounts."""
    return {"uuid": JOB, "action": "retry", "state": state, "author": "mari", "reason": "fixed", "total": 3,
            "created": "2026-11-23T10:00:00Z", "poll_after": 1, **more}  # fmt: skip


@pytest.fixture(autouse=True)
def ordered(script: Script) -> None:
    """A job that is over at the second look."""
    script.on(ASK, Answer(202, {"job": JOB, "accounts": 3}))
    script.on(SHOW, Answer(200, job("running", done=1, changed=1, rate=2.0, eta_seconds=1)),
              Answer(200, job("finished", done=3, changed=3)))  # fmt: skip


def test_the_failed_rows_of_an_import_are_retried_and_followed(call: Call, script: Script) -> None:
    """First the job, then the import, whose end says how it went; asked once, under a key."""
    script.on(
        STATUS, said(status("running", version=7, created=2)), said(status("finished", version=9, created=4))
    )
    code, here = call(
        "retry", "--import", IMPORT, "--code", "REFUSED", "--row", 3, "--wait", "--reason", "fixed"
    )
    assert (code, here.stdout.text) == (0, "Being tried again: 3 accounts\n4 = 4 created\n")
    assert "1 of 3 accounts, 2 accounts/s, 1.0 s left\n3 of 3 accounts\n" in here.stderr.text
    (asked,) = script.find(ASK)
    assert json.loads(asked.body) == {"action": "retry", "import": IMPORT, "codes": ["REFUSED"], "rows": [3],
                                      "reason": "fixed"}  # fmt: skip
    assert asked.headers["Idempotency-Key"]
    code, here = call("retry", "--import", IMPORT, "--all", "--json")
    assert (code, json.loads(here.stdout.text)) == (0, {"job": JOB, "accounts": 3})


def test_a_dry_run_only_counts(call: Call, script: Script) -> None:
    """By code; as text and as the server said it."""
    script.on(ASK, Answer(200, COUNTED))
    code, here = call("retry", "--import", IMPORT, "--all", "--dry-run")
    assert (code, here.stdout.text.splitlines()) == (
        0, ["3 accounts would be tried again.", "  2  REFUSED", "  1  ADDRESS_TAKEN"],
    )  # fmt: skip
    assert (
        json.loads(call("retry", "--import", IMPORT, "--all", "--dry-run", "--json")[1].stdout.text)
        == COUNTED
    )
    assert {json.loads(asked.body)["dry_run"] for asked in script.find(ASK)} == {True}


def test_one_account_is_retried_at_once(call: Call, script: Script) -> None:
    """Its new state; a conflict is said in the server's words; --wait stays until it is settled."""
    script.on(f"POST {ACCOUNT}retry/", Answer(202, account("Pending", "queued")))
    assert call("retry", ONE)[1].stdout.text == "ada@example.org: Pending (queued)\n"
    script.on(f"GET {ACCOUNT}", Answer(200, account("Pending", "queued")),
              Answer(200, account("Erred", error_message="No.")))  # fmt: skip
    code, here = call("retry", ONE, "--wait")
    assert (code, here.stdout.text) == (5, "ada@example.org: Erred, No.\n")
    script.on(f"POST {ACCOUNT}retry/", problem(409, "ACCOUNT_OK", "The account exists already."))
    code, here = call("retry", ONE)
    assert (code, here.stderr.text) == (1, "Error: The account exists already.\n")


def test_of_several_accounts_the_refused_are_named(call: Call, script: Script) -> None:
    """The job is followed, then those that it was possible for; exit code 5."""
    script.on(SHOW, Answer(200, job("finished", done=2, changed=1, refused=1)))
    refusal = {"account_uuid": OTHER, "email": "bob@example.org", "code": "ACCOUNT_OK", "message": "It exists.",
               "hint": "Nothing to do."}  # fmt: skip
    script.on(REFUSALS, Answer(200, {"results": [refusal], "next": None}))
    script.on(f"GET {ACCOUNT}", Answer(200, account("OK", username="ada")))
    code, here = call("retry", ONE, OTHER, "--wait")
    assert code == 5
    assert here.stdout.text.splitlines() == [
        "Being tried again: 1 account",
        "Refused: 1 account",
        "  ACCOUNT          CODE        WHY",
        "  bob@example.org  ACCOUNT_OK  It exists.",
        "  Nothing to do.",
        "ada@example.org: OK, ada",
    ]


def test_closing_many_counts_and_asks(call: Call, script: Script) -> None:
    """Declined, nothing was asked for but the count; --yes asks nobody; one account needs no question."""
    counted = Answer(200, {**COUNTED, "by_state": {"ok": 2, "erred": 1}})
    script.on(ASK, counted)
    here = surroundings(terminal=True, typed="\n")
    assert call("close", "--project", "course-a", here=here)[0] == 3
    assert "3 accounts would be closed.\n  2  ok\n  1  erred\nClose 3 accounts? [y/N]" in here.stderr.text
    assert [json.loads(asked.body)["project"] for asked in script.find(ASK)] == [PROJECT["uuid"]]
    script.on(ASK, Answer(202, {"job": JOB, "accounts": 3}))
    code, here = call("close", "--import", IMPORT, "--yes", "--quiet")
    assert (code, here.stdout.text, here.stderr.text) == (0, f"{JOB}\n", "")
    script.on(f"DELETE {ACCOUNT}", Answer(202, account("OK", "closing", username="ada")))
    script.on(f"GET {ACCOUNT}", Answer(200, account("Closed")))
    assert call("close", ONE)[1].stdout.text == "ada@example.org: OK (closing), ada\n"
    assert call("close", ONE, "--wait")[0] == 0


@pytest.mark.parametrize("which", [("--project", "course-a"), ("--import", IMPORT)])
def test_closing_a_course_is_followed_to_its_end(call: Call, script: Script, which: tuple[str, str]) -> None:
    """After the job, until nothing is being closed any more; what could not be closed gives exit code 5."""
    script.on(STATUS, said(status("finished", version=7, created=3)))
    one = {"account_uuid": ONE, "project_uuid": PROJECT["uuid"], "state": "closing", "cause": "request"}
    script.on("GET /api/unclosed-accounts/", Answer(200, {"results": [one, one], "next": None}),
              Answer(200, {"results": [{**one, "state": "given_up"}], "next": None}))  # fmt: skip
    script.on(SHOW, Answer(200, job("finished", action="close", done=3, changed=3)))
    code, here = call("close", *which, "--yes", "--wait")
    assert (code, here.stdout.text) == (5, "Being closed, or closed: 3 accounts\n")
    assert here.stderr.text.endswith("2 accounts to be closed still\n")
    assert f"project={PROJECT['uuid']}" in script.find("GET /api/unclosed-accounts/")[0].line
    script.on("GET /api/unclosed-accounts/", Answer(200, {"results": [], "next": None}))
    assert call("close", *which, "--yes", "--wait")[0] == 0


def test_it_must_be_clear_what_is_meant(call: Call, script: Script) -> None:
    """Neither or both kinds of accounts, an import without rows, rows without an import: usage."""
    for words in (["retry"], ["retry", ONE, "--import", IMPORT, "--all"], ["retry", "--import", IMPORT],
                  ["retry", "--import", IMPORT, "--all", "--row", 1], ["retry", ONE, "--row", 1], ["close"],
                  ["close", ONE, "--import", IMPORT]):  # fmt: skip
        assert call(*words)[0] == 2, words
    assert script.asked == []


def test_jobs_are_listed_shown_and_cancelled(call: Call, script: Script) -> None:
    """How far each is; whoever waits in vain hears so; what was dropped."""
    script.on("GET /api/jobs/", Answer(200, {"results": [job("running", done=1)], "next": None}))
    lines = call("jobs")[1].stdout.text.splitlines()
    assert lines[0].split("  ")[0] == "JOB"
    assert lines[1].startswith(f"{JOB}  2026-11-23")
    assert lines[1].endswith("retry  running  mari  1 of 3 accounts  fixed")
    running = Answer(200, job("running", done=1))
    script.on(SHOW, running)
    assert call("jobs", "show", JOB)[0] == 8
    assert call("jobs", "show", JOB, "--wait", "--timeout", "5s")[0] == 8
    script.on(
        SHOW,
        running,
        problem(503, "TEMPORARILY_UNAVAILABLE", "Try again."),
        Answer(200, job("finished", done=3)),
    )
    assert call("jobs", "show", JOB, "--wait")[0] == 0
    script.on(f"POST /api/jobs/{JOB}/cancel/", Answer(202, job("cancelled", done=1, changed=1, dropped=2)))
    code, here = call("jobs", "cancel", JOB)
    assert (code, here.stdout.text.splitlines()) == (
        0, ["Being tried again: 1 account", "Dropped when the job was cancelled: 2 accounts"],
    )  # fmt: skip
    assert call("jobs", "cancel", "4d" * 16)[0] == 6
