"""`course-accounts import` against a server."""

import json
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Call
from tests.integration.cli.course import (
    DRAFT,
    IMPORT,
    PROJECT,
    STATUS,
    SUBMIT,
    said,
    status,
)
from tests.integration.cli.scripted import Answer, Script, problem
from tests.unit.cli.surroundings import surroundings

UPLOAD = "POST /api/import-drafts/"


def test_wait_shows_preview_progress_and_what_failed(call: Call, script: Script, file: Path) -> None:
    """Without a terminal nothing is asked; stderr tells the way, stdout has the outcome, the code says 5."""
    code, here = call("import", file, "--project", "Course A", "--wait")
    assert code == 5
    assert here.stderr.text.splitlines() == [
        "course.csv: 4 rows for Course A",
        "        3  will be created",
        "        1  is invalid: skipped",
        "             line 5  bad  This is not an e-mail address.",
        "0 of 4 done, 0 created, 0 failed, 4 pending, 2 rows/s, 2.0 s left",
        "4 of 4 done, 2 created, 1 failed, 2 rows/s, 2.0 s left",
    ]
    assert here.stdout.text.splitlines() == [
        "2 rows without an account, and why:",
        "",
        "  LINE  E-MAIL                 CODE           WHY",
        "     4  refused+x@example.org  REFUSED        The account service refused this person.",
        "     5  bad                    EMAIL_INVALID  This is not an e-mail address.",
        "",
        "  EMAIL_INVALID: Correct it.",
        "  REFUSED: Check the address.",
        "",
        "4 = 2 created + 1 failed + 1 invalid",
        f"To correct them: course-accounts failures {IMPORT} > fixed.csv",
        f"To correct one: course-accounts correct {IMPORT} --line LINE --email ADDRESS",
    ]
    assert here.clock.slept == [3, 3]


def test_only_looked_at(call: Call, script: Script, file: Path) -> None:
    """`--dry-run` shows the preview, says 5 as some rows cannot be used, and submits nothing."""
    code, here = call("import", file, "-p", "course-a", "--dry-run")
    assert code == 5
    assert here.stderr.text.splitlines()[1] == "        3  will be created"
    assert here.stderr.text.splitlines()[-1] == "Nothing was created: this was only a look."
    assert script.find(SUBMIT) == []
    script.on(f"GET /api/import-drafts/{IMPORT}/", Answer(200, DRAFT))
    code, here = call("import", file, "-p", "course-a", "--dry-run", "--json")
    assert (code, json.loads(here.stdout.text)["uuid"]) == (5, IMPORT)
    assert script.find(SUBMIT) == []


def test_what_is_sent(call: Call, script: Script, file: Path) -> None:
    """The file goes up as it is, what was previewed is submitted, and unchanged statuses cost no body."""
    call("import", file, "-p", "course-a", "--wait", "--if-erred", "leave", "--if-closed", "leave")
    [upload] = script.find(UPLOAD)
    assert upload.headers["Content-Type"].startswith("multipart/form-data")
    assert file.read_bytes() in upload.body
    assert PROJECT["uuid"].encode() in upload.body
    assert b'filename="course.csv"' in upload.body
    [submitted] = script.find(SUBMIT)
    assert json.loads(submitted.body) == {
        "preview_hash": "cafe",
        "skip_invalid": True,
        "if_erred": "leave",
        "if_closed": "leave",
    }
    assert len(submitted.headers["Idempotency-Key"]) == 32
    assert [asked.headers.get("If-None-Match") for asked in script.find(STATUS)] == [None, '"v1.3"', '"v1.3"']
    assert {asked.headers["Authorization"] for asked in script.asked} == {"Bearer secret-token"}


def test_json_ends_with_the_status_answer(call: Call, script: Script, file: Path) -> None:
    """Every line of stdout is a status as the server said it; the last one is the result."""
    code, here = call("import", file, "-p", "course-a", "--wait", "--json")
    lines = [json.loads(line) for line in here.stdout.text.splitlines()]
    assert code == 5
    assert [line["version"] for line in lines] == [0, 3, 6]
    assert lines[-1] == status("finished", version=6, created=2, failed=1, invalid=1)
    assert here.stderr.text == ""


def test_all_created_ends_with_0(call: Call, script: Script, file: Path) -> None:
    """Created or already there: success."""
    script.on(STATUS, said(status("finished", version=6, created=2, existing=2)))
    code, here = call("import", file, "-p", "course-a", "--wait")
    assert code == 0
    assert here.stdout.text == "4 = 2 created + 2 existing\n"


def test_without_wait_the_id_is_the_result(call: Call, script: Script, file: Path) -> None:
    """Submitted is enough: stdout is the id for the next command."""
    code, here = call("import", file, "-p", "course-a")
    assert (code, here.stdout.text) == (0, f"{IMPORT}\n")
    assert script.find(STATUS) == []


def test_without_wait_as_json(call: Call, script: Script, file: Path) -> None:
    """The one line is the status answer of the submission."""
    code, here = call("import", file, "-p", "course-a", "--json")
    assert (code, json.loads(here.stdout.text)) == (0, status(version=0))


def test_quiet_leaves_only_the_result(call: Call, script: Script, file: Path) -> None:
    """--quiet: stderr stays empty."""
    code, here = call("import", file, "-p", "course-a", "--wait", "--quiet")
    assert (code, here.stderr.text) == (5, "")
    assert "4 = 2 created + 1 failed + 1 invalid" in here.stdout.text


@pytest.mark.parametrize(("typed", "code"), [("y\n", 5), ("Yes\n", 5), ("n\n", 3), ("\n", 3), ("", 3)])
def test_a_person_is_asked(call: Call, script: Script, file: Path, typed: str, code: int) -> None:
    """On a terminal a person decides after the preview; anything but yes creates nothing."""
    here = surroundings(terminal=True, typed=typed)
    ended, _ = call("import", file, "-p", "course-a", "--wait", here=here)
    assert ended == code
    assert "Create 3 accounts? [y/N]" in here.stderr.text
    assert len(script.find(SUBMIT)) == (1 if code == 5 else 0)


def test_yes_asks_nothing_and_a_bar_moves(call: Call, script: Script, file: Path) -> None:
    """With --yes nothing is asked, and a terminal gets a live bar."""
    here = surroundings(terminal=True, typed="")
    code, _ = call("import", file, "-p", "course-a", "--wait", "--yes", here=here)
    assert code == 5
    assert "[y/N]" not in here.stderr.text
    assert "\x1b[" in here.stderr.text
    assert "\x1b[" not in here.stdout.text


def test_dumb_terminal_gets_lines(call: Call, script: Script, file: Path) -> None:
    """TERM=dumb: nothing moves."""
    here = surroundings(terminal=True, environ={"TERM": "dumb"})
    call("import", file, "-p", "course-a", "--wait", "--yes", here=here)
    assert "\x1b" not in here.stderr.text
    assert "4 of 4 done" in here.stderr.text


def test_unreadable_file(call: Call, script: Script, file: Path) -> None:
    """The server's sentence, exit code 1, nothing submitted."""
    script.on(
        UPLOAD,
        problem(422, "NO_EMAIL_COLUMN", "There is no column “email” in line 1.", hint="Name one.", line=1),
    )
    code, here = call("import", file, "-p", "course-a", "--wait")
    assert code == 1
    assert here.stderr.text == "Error: There is no column “email” in line 1.\n  Name one.\n"
    assert here.stdout.text == ""
    assert script.find(SUBMIT) == []


def test_unreadable_file_as_json(call: Call, script: Script, file: Path) -> None:
    """With --json the error is a problem document on stderr, stdout stays empty."""
    script.on(UPLOAD, problem(422, "EMPTY_FILE", "The file is empty."))
    code, here = call("import", file, "-p", "course-a", "--wait", "--json")
    found = json.loads(here.stderr.text)
    assert (code, here.stdout.text) == (1, "")
    assert (found["code"], found["detail"], found["status"]) == ("EMPTY_FILE", "The file is empty.", 422)


def test_large_file_is_waited_for(call: Call, script: Script, file: Path) -> None:
    """A draft that is still being read is asked for until it is previewed."""
    reading = {"uuid": IMPORT, "state": "reading"}
    script.on(UPLOAD, Answer(202, reading))
    script.on(f"GET /api/import-drafts/{IMPORT}/", Answer(200, reading), Answer(200, DRAFT))
    code, here = call("import", file, "-p", "course-a")
    assert code == 0
    assert len(here.clock.slept) == 2


def test_rejected_while_being_read(call: Call, script: Script, file: Path) -> None:
    """A large file that turns out to be unreadable ends like a small one."""
    script.on(UPLOAD, Answer(202, {"uuid": IMPORT, "state": "reading"}))
    error = {"code": "TOO_MANY_ROWS", "detail": "The file has 300,000 rows; the limit is 200,000."}
    script.on(
        f"GET /api/import-drafts/{IMPORT}/",
        Answer(200, {"uuid": IMPORT, "state": "rejected", "error": error}),
    )
    code, here = call("import", file, "-p", "course-a")
    assert (code, here.stderr.text) == (1, "Error: The file has 300,000 rows; the limit is 200,000.\n")


def test_timeout_while_running(call: Call, script: Script, file: Path) -> None:
    """The wait expires with 8, and says that the import goes on and how to see it again."""
    script.on(STATUS, said(status(version=3, created=1)))
    code, here = call("import", file, "-p", "course-a", "--wait", "--timeout", "10")
    assert code == 8
    assert here.clock.now() == 1010
    assert f"course-accounts status {IMPORT} --wait" in here.stderr.text


def test_timeout_while_running_as_json(call: Call, script: Script, file: Path) -> None:
    """The last line is the last status seen."""
    script.on(STATUS, said(status(version=3, created=1)))
    code, here = call("import", file, "-p", "course-a", "--wait", "--timeout", "10s", "--json")
    assert code == 8
    assert json.loads(here.stdout.text.splitlines()[-1]) == status(version=3, created=1)


def test_timeout_while_being_read(call: Call, script: Script, file: Path) -> None:
    """A file that is read for longer than one wants to wait is not submitted."""
    script.on(UPLOAD, Answer(202, {"uuid": IMPORT, "state": "reading"}))
    script.on(f"GET /api/import-drafts/{IMPORT}/", Answer(200, {"uuid": IMPORT, "state": "reading"}))
    code, _ = call("import", file, "-p", "course-a", "--timeout", "5")
    assert code == 8
    assert script.find(SUBMIT) == []


def test_waiting_for_the_account_service_is_said(call: Call, script: Script, file: Path) -> None:
    """What is waited for and why appears at once, not only every ten seconds."""
    down = {"since": "…", "reason": "The account service cannot be reached.", "next_attempt": None}
    script.on(
        STATUS,
        said(status(version=1, created=1)),
        said(
            status(version=2, created=1, waiting=down) | {"counts": {"rows": 4, "created": 1, "waiting": 3}}
        ),
        said(status("finished", version=9, created=4)),
    )
    code, here = call("import", file, "-p", "course-a", "--wait")
    assert code == 0
    assert (
        "3 waiting, 2 rows/s, 2.0 s left; waiting: The account service cannot be reached" in here.stderr.text
    )


def test_invisible_at_first(call: Call, script: Script, file: Path) -> None:
    """An import that the projector has not seen yet is waited for."""
    missing = problem(404, "NOT_FOUND", "No such import.")
    script.on(STATUS, missing, said(status("finished", version=6, created=4)))
    assert call("import", file, "-p", "course-a", "--wait")[0] == 0


def test_connection_lost_while_waiting(call: Call, script: Script, file: Path) -> None:
    """A restart of the server in the middle is said once and survived."""
    away = problem(503, "SERVICE_AWAY", "The projector is not running.", headers={"Retry-After": "1"})
    script.on(STATUS, Answer(lost=True), away, away, said(status("finished", version=6, created=4)))
    code, here = call("import", file, "-p", "course-a", "--wait")
    assert code == 0
    assert here.stderr.text.count("The import goes on; asking again in") == 1


def test_lost_answer_of_the_submission(call: Call, script: Script, file: Path) -> None:
    """The submission is repeated with the same key, so nothing is submitted twice; also while the first one runs."""
    runs = problem(409, "IDEMPOTENCY_KEY_IN_USE", "It runs.", headers={"Retry-After": "2"})
    script.on(SUBMIT, Answer(lost=True), problem(503, "AWAY", "Away."), runs, Answer(202, status(version=0)))
    assert call("import", file, "-p", "course-a")[0] == 0
    keys = [asked.headers["Idempotency-Key"] for asked in script.find(SUBMIT)]
    assert len(keys) == 4
    assert len(set(keys)) == 1


def test_server_away_for_a_moment(call: Call, script: Script, file: Path) -> None:
    """An upload that finds a service restarting is sent again, whole, and that is said."""
    away = problem(503, "SERVICE_AWAY", "The importer is not running.", headers={"Retry-After": "1"})
    script.on(UPLOAD, away, away, Answer(201, DRAFT))
    code, here = call("import", file, "-p", "course-a")
    assert code == 0
    assert here.stderr.text.count("The importer is not running. Trying again in 1.0 s.") == 1
    assert [file.read_bytes() in asked.body for asked in script.find(UPLOAD)] == [True, True, True]


def test_changed_since_the_preview(call: Call, script: Script, file: Path) -> None:
    """What was not previewed is not created; the submission is not repeated."""
    script.on(SUBMIT, problem(412, "PREVIEW_CHANGED", "The preview has changed."))
    code, here = call("import", file, "-p", "course-a", "--wait")
    assert (code, here.stderr.text.splitlines()[-1]) == (1, "Error: The preview has changed.")
    assert len(script.find(SUBMIT)) == 1


@pytest.mark.parametrize(
    ("status_code", "expected"), [(401, 4), (403, 4), (404, 6), (413, 1), (409, 1), (500, 1), (503, 7)]
)
def test_refusals(call: Call, script: Script, file: Path, status_code: int, expected: int) -> None:
    """Each refusal of the upload has its exit code, and its sentence is shown."""
    script.on(UPLOAD, problem(status_code, "SAID", "The reason in a sentence."))
    code, here = call("import", file, "-p", "course-a")
    assert code == expected
    assert "Error: The reason in a sentence." in here.stderr.text.splitlines()


def test_unknown_project(call: Call, script: Script, file: Path) -> None:
    """A slip in the name uploads nothing and is answered with the nearest name."""
    code, here = call("import", file, "-p", "Corse A")
    assert code == 6
    assert "Did you mean “Course A”?" in here.stderr.text
    assert script.find(UPLOAD) == []


def test_no_such_file(call: Call, script: Script, tmp_path: Path) -> None:
    """A file that is not there is an error before anything is asked."""
    code, here = call("import", tmp_path / "none.csv", "-p", "course-a")
    assert code == 1
    assert "There is no file" in here.stderr.text
    assert script.lines() == []


def test_not_our_server(call: Call, script: Script, file: Path) -> None:
    """An HTML page instead of an answer is a sentence about the address, not a stack trace."""
    script.on("GET /api/course-projects/", Answer(200, body=b"<html>", headers={"Content-Type": "text/html"}))
    code, here = call("import", file, "-p", "course-a")
    assert code == 1
    assert "does not speak this API" in here.stderr.text


def test_rows_that_cannot_be_read_do_not_hide_the_outcome(call: Call, script: Script, file: Path) -> None:
    """If the server goes away right at the end, equation and exit code are still right."""
    script.on(f"GET /api/course-imports/{IMPORT}/rows/?class=failed&page_size=50", Answer(lost=True))
    code, here = call("import", file, "-p", "course-a", "--wait")
    assert code == 5
    assert "4 = 2 created + 1 failed + 1 invalid" in here.stdout.text
    assert "could not be read" in here.stderr.text
