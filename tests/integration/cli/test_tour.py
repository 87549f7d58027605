"""The demo's tour against a server."""

import re
from pathlib import Path

from cli.client.errors import Unreachable
from cli.demonstration import walk
from cli.exits import Exit
from cli.running import Ready, ReadyProject
from cli.tour import tour
from tests.integration.cli.course import PROJECT, SUBMIT
from tests.integration.cli.scripted import Answer, Script, problem
from tests.unit.cli.surroundings import Surroundings, surroundings

ACCOUNTS = "GET /api/marketplace-course-accounts/"
UPLOAD = "POST /api/import-drafts/"


def shown(script: Script, sample: Path) -> tuple[Exit, Surroundings]:
    """The tour, as the demo shows it."""
    ready = Ready(script.url, "t", f"{script.url}/#sign-in=t", (ReadyProject(PROJECT["uuid"], "Course A"),))
    here = surroundings()
    return walk(here.world, ready, lambda world, api, there: tour(world, api, there, sample)), here


def test_first_time(script: Script, file: Path) -> None:
    """The sample goes up as it is; rows that are meant to fail are a success; the address comes last."""
    script.on(ACCOUNTS, Answer(200, []))
    code, here = shown(script, file)
    assert code is Exit.ALL_DONE
    [upload] = script.find(UPLOAD)
    assert file.read_bytes() in upload.body
    lines = here.stdout.text.splitlines()
    assert "4 = 2 created + 1 failed + 1 invalid" in lines
    assert lines[-1] == f"Open: {script.url}/#sign-in=t"


def test_second_time(script: Script, file: Path) -> None:
    """Once the sample is in, its addresses are changed, so that every outcome occurs again."""
    file.write_text(file.read_text() + "MART@EXAMPLE.ORG,\n")
    one = {"uuid": "a" * 32, "email": "anna@example.org", "state": "OK"}
    script.on(ACCOUNTS, Answer(200, [one]))
    code, here = shown(script, file)
    assert code is Exit.ALL_DONE
    [upload] = script.find(UPLOAD)
    assert re.search(rb"anna@[0-9a-f]{6}\.example\.org,Anna", upload.body)
    assert b"@example.org" not in upload.body.lower()
    assert "imported here before" in here.stderr.text


def test_a_tour_that_fails_says_why(script: Script, file: Path) -> None:
    """A demo that does not work ends with the error, not with success."""
    script.on(ACCOUNTS, Answer(200, []))
    script.on(SUBMIT, problem(409, "ALREADY_SUBMITTED", "Submitted before."))
    code, here = shown(script, file)
    assert code is Exit.ERROR
    assert "Error: Submitted before." in here.stderr.text


def test_no_sample(script: Script, tmp_path: Path) -> None:
    """Outside a checkout there is no sample: a sentence says so."""
    code, here = shown(script, tmp_path / "none.csv")
    assert code is Exit.ERROR
    assert "needs a checkout" in here.stderr.text


def test_unreachable_is_not_success() -> None:
    """Errors of the connection end the tour with their exit code."""

    def lost(*_: object) -> Exit:
        raise Unreachable("CONNECTION_LOST", "Lost.")

    assert walk(surroundings().world, Ready("http://127.0.0.1:1", "t"), lost) is Exit.UNREACHABLE


def test_no_project_is_said() -> None:
    """Without a demo project there is nothing to show."""
    ready = Ready("http://127.0.0.1:1", "t")
    here = surroundings()
    assert walk(here.world, ready) is Exit.ERROR
    assert "no demo project" in here.stderr.text
