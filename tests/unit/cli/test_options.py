"""How arguments are read, and what a wrong one is told."""

import json
from typing import Any

import pytest

from cli.app import app
from cli.main import run
from tests.unit.cli.surroundings import surroundings


def read(*arguments: str) -> dict[str, Any]:
    """The arguments a command would be called with."""
    _, bound, _ = app.parse_args(arguments, exit_on_error=False, print_error=False)
    return dict(bound.arguments)


def test_import_options() -> None:
    """Every option of import arrives as what it means."""
    found = read(
        *("import", "a.csv", "-p", "course-a", "--wait", "--timeout", "5m", "--if-erred", "leave"),
        *("--if-closed", "leave", "-y", "--json", "--server", "http://x", "--token", "t"),
    )
    assert (str(found["file"]), found["project"], found["wait"], found["timeout"]) == (
        "a.csv",
        "course-a",
        True,
        300.0,
    )
    assert (found["if_erred"], found["if_closed"], found["yes"]) == ("leave", "leave", True)
    assert (found["output"].json, found["server"].server, found["server"].token) == (True, "http://x", "t")


def test_server_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Address and token may come from the environment; an option counts more."""
    monkeypatch.setenv("COURSE_ACCOUNTS_SERVER", "http://env")
    monkeypatch.setenv("COURSE_ACCOUNTS_TOKEN", "env-token")
    found = read("accounts", "--server", "http://option", "--json")["server"]
    assert (found.server, found.token) == ("http://option", "env-token")


def test_repeated_options() -> None:
    """Copies and states may be given several times."""
    assert read("up", "--copies", "provisioner=2", "--copies", "projector=3")["copies"] == [
        "provisioner=2",
        "projector=3",
    ]
    assert read("accounts", "--state", "OK", "--state", "Erred")["state"] == ["OK", "Erred"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["bogus"], "bogus"),
        (["import", "a.csv", "-p", "x", "--delimiter", "dot"], "dot"),
        (["import", "-p", "x"], "standard input"),
        (["correct", "0" * 32, "0", "--email", "a@b.ee"], "ROW"),
        (["correct", "0" * 32, "1"], "--email"),
        (["imports", "--state", "lost"], "lost"),
        (["import", "a.csv"], "--project"),
        (["import", "a.csv", "--projct", "x"], "--project"),
        (["import", "a.csv", "-p", "x", "--timeout", "soon"], "say 90, 90s, 5m or 2h"),
        (["import", "a.csv", "-p", "x", "--if-erred", "explode"], "explode"),
        (["status", "not-a-uuid"], "not-a-uuid"),
        (["accounts", "--state", "Lost"], "Lost"),
        (["accounts", "--limit", "-1"], "--limit"),
        (["up", "--copies", "kafka=2"], "kafka"),
        (["up", "--copies", "provisioner=0"], "0 copies"),
        (["up", "--port", "99999"], "99999"),
        (["up", "--account-service", "http://x"], "--account-service-token-url"),
        (["demo", "--port", "0"], "0 is not a port"),
    ],
)
def test_usage_errors(arguments: list[str], said: str) -> None:
    """A wrong option is named in a sentence on stderr, stdout stays empty, the exit code is 2."""
    here = surroundings()
    assert run(arguments, here.world) == 2
    assert said in here.stderr.text
    assert here.stderr.text.startswith("Error: ")
    assert "Traceback" not in here.stderr.text
    assert here.stdout.text == ""


def test_usage_error_as_json() -> None:
    """With --json the error is a problem document."""
    here = surroundings()
    assert run(["import", "--json"], here.world) == 2
    problem = json.loads(here.stderr.text)
    assert (problem["code"], problem["exit"], problem["retryable"]) == ("USAGE", 2, False)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str) -> None:
    """Each shell gets a script that knows the commands and their options."""
    here = surroundings()
    assert run(["completion", shell], here.world) == 0
    for word in ("import", "failures", "if-erred"):
        assert word in here.stdout.text
