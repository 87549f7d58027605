"""The commands that look: status, accounts, failures, projects."""

import json
from uuid import UUID

import pytest

from tests.integration.cli.conftest import Call
from tests.integration.cli.course import FAILED_ROW, IMPORT, INVALID_ROW, PROJECT, STATUS, rows, said, status
from tests.integration.cli.scripted import Answer, Script, problem

ACCOUNTS = "/api/marketplace-course-accounts/"


def account(name: str, state: str = "OK") -> dict[str, object]:
    """An account as Waldur's clients know it."""
    return {
        "uuid": name.encode().hex().ljust(32, "0"),
        "email": f"{name}@example.org",
        "state": state,
        "username": f"u-{name}",
        "project_name": "Course A",
        "error_message": "",
        "error_traceback": "",
    }


def test_status_of_a_finished_import(call: Call, script: Script) -> None:
    """Without --wait one question is asked, and a status that could be read is a success."""
    script.on(STATUS, said(status("finished", version=6, created=2, failed=1, invalid=1)))
    code, here = call("status", str(UUID(IMPORT)))
    assert code == 0
    lines = here.stdout.text.splitlines()
    assert lines[0] == f"Import {IMPORT}: finished"
    assert "4 = 2 created + 1 failed + 1 invalid" in lines
    assert len(script.find(STATUS)) == 1


def test_status_of_a_running_import(call: Call, script: Script) -> None:
    """A running import shows how far it is."""
    code, here = call("status", IMPORT)
    assert code == 0
    assert here.stdout.text.splitlines()[:2] == [
        f"Import {IMPORT}: running",
        "2 of 4 done, 1 created, 0 failed, 2 pending, 2 rows/s, 2.0 s left",
    ]


def test_status_as_json_is_the_servers_answer(call: Call, script: Script) -> None:
    """One document with every field the server sent."""
    code, here = call("status", IMPORT, "--json")
    assert (code, json.loads(here.stdout.text)) == (0, status(version=3, created=1, invalid=1))


def test_status_wait(call: Call, script: Script) -> None:
    """With --wait it ends like the import does."""
    code, here = call("status", IMPORT, "--wait", "--json")
    assert code == 5
    assert json.loads(here.stdout.text.splitlines()[-1])["state"] == "finished"


def test_status_wait_expires(call: Call, script: Script) -> None:
    """--timeout ends the wait with 8."""
    script.on(STATUS, said(status(version=3, created=1)))
    assert call("status", IMPORT, "--wait", "--timeout", "1m")[0] == 8


def test_status_of_nothing(call: Call, script: Script) -> None:
    """An unknown import is 6, at once, also with --wait."""
    script.on(STATUS, problem(404, "NOT_FOUND", "There is no such import."))
    for more in ((), ("--wait",)):
        code, here = call("status", IMPORT, *more)
        assert (code, here.stderr.text, here.clock.slept) == (6, "Error: There is no such import.\n", [])


def test_failures_file_arrives_byte_for_byte(call: Call, script: Script) -> None:
    """The file goes to stdout as the server wrote it."""
    content = "\ufeffemail,description,row\r\nrefused+x@example.org,Ä,3\r\n".encode()
    script.on(f"GET /api/course-imports/{IMPORT}/failures.csv", Answer(body=content))
    code, here = call("failures", IMPORT)
    assert (code, here.stdout.text.encode(), here.stderr.text) == (0, content, "")


def test_failures_of_nothing(call: Call, script: Script) -> None:
    """An unknown import leaves stdout empty, so no half file is mistaken for a whole one."""
    script.on(f"GET /api/course-imports/{IMPORT}/failures.csv", problem(404, "NOT_FOUND", "None."))
    code, here = call("failures", IMPORT)
    assert (code, here.stdout.text) == (6, "")


def test_failures_as_json(call: Call, script: Script) -> None:
    """Failed and invalid rows as one array, all pages."""
    path = f"/api/course-imports/{IMPORT}/rows/"
    second = FAILED_ROW | {"row": 9}
    script.on(
        f"GET {path}?class=failed&page_size=300", Answer(200, {"results": [FAILED_ROW], "next": "abc="})
    )
    script.on(
        f"GET {path}?class=failed&page_size=300&cursor=abc%3D",
        Answer(200, {"results": [second], "next": None}),
    )
    script.on(f"GET {path}?class=invalid&page_size=300", rows(INVALID_ROW))
    code, here = call("failures", IMPORT, "--json")
    assert (code, json.loads(here.stdout.text)) == (0, [FAILED_ROW, second, INVALID_ROW])


def test_next_page_as_an_address_stays_at_our_server(call: Call, script: Script) -> None:
    """A page's address of another host is asked for at ours: the token goes nowhere else."""
    path = f"/api/course-imports/{IMPORT}/rows/"
    elsewhere = f"http://elsewhere.invalid{path}?class=failed&cursor=x"
    script.on(f"GET {path}?class=failed&page_size=300", Answer(200, {"results": [], "next": elsewhere}))
    script.on(f"GET {path}?class=failed&cursor=x", Answer(200, {"results": [FAILED_ROW], "next": None}))
    script.on(f"GET {path}?class=invalid&page_size=300", rows(INVALID_ROW))
    assert json.loads(call("failures", IMPORT, "--json")[1].stdout.text) == [FAILED_ROW, INVALID_ROW]


@pytest.fixture
def two_pages(script: Script) -> Script:
    """Three accounts on two pages."""
    link = (
        f'<http://elsewhere.invalid{ACCOUNTS}?page=1>; rel="first", '
        f'<http://elsewhere.invalid{ACCOUNTS}?page=2>; rel="next", '
        f'<http://elsewhere.invalid{ACCOUNTS}?page=2>; rel="last"'
    )
    first = [account("anna"), account("mart", "Erred")]
    script.on(f"GET {ACCOUNTS}", Answer(200, first, {"Link": link, "X-Result-Count": "3"}))
    script.on(f"GET {ACCOUNTS}?page=2", Answer(200, [account("liis")], {"X-Result-Count": "3"}))
    return script


def test_accounts_of_all_pages(call: Call, two_pages: Script) -> None:
    """The table holds every page, the count goes to stderr."""
    code, here = call("accounts")
    lines = here.stdout.text.splitlines()
    assert code == 0
    assert lines[0].split() == ["E-MAIL", "STATE", "USER", "NAME", "PROJECT", "ERROR"]
    assert [line.split()[0] for line in lines[1:]] == [
        "anna@example.org",
        "mart@example.org",
        "liis@example.org",
    ]
    assert here.stderr.text == "3 accounts\n"


def test_accounts_as_json(call: Call, two_pages: Script) -> None:
    """One array of what the server said."""
    found = json.loads(call("accounts", "--json")[1].stdout.text)
    assert found == [account("anna"), account("mart", "Erred"), account("liis")]


def test_accounts_limit_spares_pages(call: Call, two_pages: Script) -> None:
    """With --limit no page is asked for that is not needed."""
    found = json.loads(call("accounts", "--json", "--limit", "2")[1].stdout.text)
    assert len(found) == 2
    assert len(two_pages.find(f"GET {ACCOUNTS}")) == 1


def test_accounts_filters(call: Call, two_pages: Script) -> None:
    """Filters go to the server; the project is resolved first."""
    call(
        "accounts",
        "-p",
        "Course A",
        "--state",
        "OK",
        "--state",
        "Erred",
        "--email",
        "a+b",
        "--order",
        "-email",
    )
    [asked, *_] = two_pages.find(f"GET {ACCOUNTS}")
    for part in (f"project_uuid={PROJECT['uuid']}", "state=OK&state=Erred", "email=a%2Bb", "o=-email"):
        assert part in asked.line


def test_no_accounts(call: Call, script: Script) -> None:
    """Nothing found is an answer, not an error."""
    script.on(f"GET {ACCOUNTS}", Answer(200, []))
    code, here = call("accounts", "--json")
    assert (code, here.stdout.text) == (0, "[]\n")


@pytest.mark.parametrize("words", [("projects",), ("projects", "list")])
def test_projects(call: Call, script: Script, words: tuple[str, ...]) -> None:
    """Projects with what to name them by."""
    code, here = call(*words)
    assert code == 0
    assert here.stdout.text.splitlines()[1].split() == ["Course", "A", "course-a", "a" * 32]


def test_projects_as_json(call: Call, script: Script) -> None:
    """One array of what the server said."""
    assert json.loads(call("projects", "list", "--json")[1].stdout.text) == [PROJECT]


def test_nobody_listens(call: Call, script: Script) -> None:
    """A refused connection is 7, with what to do."""
    script.url = "http://127.0.0.1:1"
    code, here = call("projects", "list")
    assert code == 7
    assert "Nobody answers at http://127.0.0.1:1." in here.stderr.text
    assert "course-accounts up" in here.stderr.text


def test_unclosed_says_what_is_wrong_and_ends_with_5(call: Call, script: Script) -> None:
    """Page by page, with cause, state and what to do; nothing left is a success."""
    stuck = {
        "account_uuid": "a" * 32,
        "project_uuid": "b" * 32,
        "project_name": "Course A",
        "state": "given_up",
        "cause": "course_ended",
        "since": "2026-11-23T08:00:00Z",
        "attempts": 3,
        "error": {"code": "CLOSE_REFUSED", "message": "It refused.", "hint": "Ask why."},
        "next_attempt": None,
    }
    fresh = {**stuck, "account_uuid": "c" * 32, "state": "closing", "attempts": 0, "error": None}
    path = "GET /api/unclosed-accounts/"
    script.on(
        path,
        Answer(document={"results": [stuck], "next": "/api/unclosed-accounts/?cursor=x", "total": 2}),
        Answer(document={"results": [fresh], "next": None, "total": 2}),
    )
    code, here = call("unclosed")
    assert code == 5
    heading, first, second = here.stdout.text.splitlines()
    assert heading.split()[0] == "ACCOUNT"
    assert first.startswith("a" * 32 + "  Course A  course ended")
    assert first.endswith("It refused. Ask why.")
    assert "given up" in first
    assert "being closed" in second
    script.on(path, Answer(document={"results": [], "next": None, "total": 0}))
    assert call("unclosed", "--json")[0] == 0


ORPHANS = "GET /api/target/orphans/"


def _told(*lines: dict[str, object]) -> Answer:
    return Answer(body=b"".join(json.dumps(line).encode() + b"\n" for line in lines))


def test_reconcile_names_what_only_one_side_knows(call: Call, script: Script) -> None:
    """Line by line, with 5 if there is any; what is not ended is no success."""
    orphan = {
        "type": "orphan",
        "where": "target",
        "username": "cau-1",
        "email": "a@example.org",
        "scope": "a",
    }
    missing = {"type": "orphan", "where": "ours", "username": "cau-2", "account_uuid": "f" * 32}
    begun = {"type": "progress", "listed": 2}
    end = {"type": "finished", "listed": 2, "at_target": 1, "ours": 1, "complete": False}
    script.on(ORPHANS, _told(begun, orphan, missing, end))
    code, here = call("reconcile")
    assert code == 5
    _, first, second = here.stdout.text.splitlines()
    assert first.split() == ["only", "at", "the", "account", "service", "cau-1", "a@example.org", "a"]
    assert second.startswith("only here")
    assert second.endswith("f" * 32)
    assert "There are more" in here.stderr.text
    code, here = call("reconcile", "--json")
    assert (code, [one["where"] for one in json.loads(here.stdout.text)]) == (5, ["target", "ours"])
    script.on(ORPHANS, _told({**end, "complete": True}))
    assert call("reconcile")[0] == 0


@pytest.mark.parametrize(
    ("last", "says"),
    [
        (
            [{"type": "error", "code": "TARGET_UNREACHABLE", "message": "It is away.", "hint": "Wait."}],
            "away",
        ),
        ([], "broke off"),
        ([{"type": "orphan", "where": 3}], "not this API's"),
    ],
)
def test_a_comparison_that_does_not_end_is_an_error(
    call: Call, script: Script, last: list[dict[str, object]], says: str
) -> None:
    """Whatever was found until then, nobody may take it for all."""
    script.on(ORPHANS, _told({"type": "progress", "listed": 2}, *last))
    code, here = call("reconcile")
    assert code == 1
    assert says in here.stderr.text
