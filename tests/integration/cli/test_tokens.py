"""`course-accounts token` against a server."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.integration.cli.conftest import Call
from tests.integration.cli.course import PROJECT
from tests.integration.cli.scripted import Answer, Script, problem

UUID = "7c" * 16
TOKEN: dict[str, Any] = {
    "uuid": UUID,
    "user_id": "mari",
    "staff": False,
    "may_write": True,
    "projects": [PROJECT["uuid"]],
    "note": "Mondays",
    "created": "2026-11-23T10:00:00Z",
    "created_by": "sam",
    "expires": "2027-02-21T10:00:00Z",
    "last_used": None,
    "revoked": None,
}
LINK = {
    "sign_in": "once",
    "url": "http://here.example/#sign-in=once",
    "user_id": "mari",
    "staff": False,
    "expires": "2026-11-23T10:15:00Z",
}
CREATE, LIST, SIGN_IN = "POST /api/tokens/", "GET /api/tokens/", "POST /api/sign-ins/"


@pytest.fixture(autouse=True)
def answers(script: Script) -> None:
    """A server that makes what it is asked for."""
    script.on(CREATE, Answer(201, {**TOKEN, "token": "s3cret"}))
    script.on(
        LIST, Answer(200, {"results": [TOKEN, {**TOKEN, "revoked": "2026-11-24T10:00:00Z"}], "next": None})
    )
    script.on(f"DELETE /api/tokens/{UUID}/", Answer(204, body=b""))
    script.on(SIGN_IN, Answer(201, LINK))


def test_one_is_made(call: Call, script: Script) -> None:
    """The secret alone on stdout; a project by its name; days become a moment."""
    code, here = call(
        "token", "create", "--user", "mari", "--write", "-p", "course-a", "--days", "30", "--note", "Mondays"
    )
    assert (code, here.stdout.text) == (0, "s3cret\n")
    assert UUID in here.stderr.text
    (asked,) = script.find(CREATE)
    sent = json.loads(asked.body)
    expires = datetime.fromisoformat(sent.pop("expires"))
    assert abs(expires - datetime.now(UTC) - timedelta(days=30)) < timedelta(minutes=5)
    assert sent == {
        "user_id": "mari",
        "staff": False,
        "may_write": True,
        "projects": [PROJECT["uuid"]],
        "note": "Mondays",
    }


def test_what_is_usual_is_left_to_the_server(call: Call, script: Script) -> None:
    """For oneself, for reading, for the usual time. As JSON: the server's answer, and nothing beside it."""
    code, here = call("token", "create", "--json")
    assert (code, json.loads(here.stdout.text)["token"], here.stderr.text) == (0, "s3cret", "")
    sent = json.loads(script.find(CREATE)[0].body)
    assert (sent["user_id"], sent["may_write"], sent["projects"], sent["expires"]) == (
        None,
        False,
        None,
        None,
    )


@pytest.mark.parametrize("words", [["token"], ["token", "list"], ["token", "list", "--user", "mari"]])
def test_they_are_listed(call: Call, script: Script, words: list[str]) -> None:
    """What each may, and whether it has ended."""
    code, here = call(*words)
    assert code == 0
    first, second = here.stdout.text.splitlines()[1:]
    assert first.startswith(f"{UUID}  mari")
    assert ("write" in first, "revoked" in first, "revoked" in second) == (True, False, True)
    assert ("user=mari" in script.lines()[-1]) is ("--user" in words)


def test_one_is_revoked(call: Call, script: Script) -> None:
    """By its uuid in either spelling; a secret is no uuid, and is not sent."""
    for said in (UUID, "7c7c7c7c-7c7c-7c7c-7c7c-7c7c7c7c7c7c"):
        assert call("token", "revoke", said)[0] == 0
    assert len(script.find(f"DELETE /api/tokens/{UUID}/")) == 2
    asked = len(script.asked)
    assert call("token", "revoke", "s3cret")[0] == 2
    assert len(script.asked) == asked


def test_somebody_is_let_in(call: Call, script: Script) -> None:
    """The address alone on stdout."""
    code, here = call("token", "sign-in", "mari")
    assert (code, here.stdout.text) == (0, f"{LINK['url']}\n")
    assert json.loads(script.find(SIGN_IN)[0].body) == {"user_id": "mari", "staff": False}
    code, here = call("token", "sign-in", "mari", "--staff", "--json")
    assert (code, json.loads(here.stdout.text)) == (0, LINK)
    assert json.loads(script.find(SIGN_IN)[1].body)["staff"] is True


@pytest.mark.parametrize(("status", "code"), [(401, 4), (403, 4), (404, 6), (409, 1)])
def test_refusals(call: Call, script: Script, status: int, code: int) -> None:
    """With the exit codes of all commands."""
    script.on(f"DELETE /api/tokens/{UUID}/", problem(status, "NO", "Not like this."))
    ended, here = call("token", "revoke", UUID)
    assert (ended, "Not like this." in here.stderr.text) == (code, True)
