"""Which server a command speaks to."""

import json
import os
from pathlib import Path

import pytest

from cli.connection import Connection, connection
from cli.errors import Failure
from cli.exits import Exit
from cli.running import noted, read_ready, running


def stack(folder: Path, url: str) -> Path:
    """A data directory with a running stack, as far as its ready file tells."""
    folder.mkdir(parents=True)
    document = {"url": url, "token": f"token-of-{folder.name}", "web_url": url, "kafka": "k", "projects": []}
    (folder / "ready.json").write_text(json.dumps(document))
    return folder


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A home of its own."""
    return {"XDG_DATA_HOME": str(tmp_path / "data"), "XDG_STATE_HOME": str(tmp_path / "state")}


def test_what_is_said_outright_counts(environ: dict[str, str]) -> None:
    """Address and token given need nothing else."""
    assert connection("http://x:1", "t", None, environ) == Connection("http://x:1", "t")


def test_default_data_directory(tmp_path: Path, environ: dict[str, str]) -> None:
    """Nothing said: the stack in the usual place."""
    stack(tmp_path / "data" / "course-accounts", "http://x:1")
    assert connection(None, None, None, environ) == Connection("http://x:1", "token-of-course-accounts")


def test_a_stack_elsewhere_is_found_while_it_runs(tmp_path: Path, environ: dict[str, str]) -> None:
    """`up --data-dir` in one terminal, `import` in another: no option needed; afterwards it is forgotten."""
    here = stack(tmp_path / "here", "http://x:1")
    with noted(here, environ):
        assert connection(None, None, None, environ) == Connection("http://x:1", "token-of-here")
    with pytest.raises(Failure) as refused:
        connection(None, None, None, environ)
    assert refused.value.shown.exit is Exit.UNREACHABLE
    assert "course-accounts up" in refused.value.shown.hint


def test_the_running_one_counts_before_what_a_killed_one_left(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    """A ready file that a killed stack left in the usual place does not hide the one that runs."""
    stack(tmp_path / "data" / "course-accounts", "http://old:1")
    with noted(stack(tmp_path / "here", "http://new:1"), environ):
        assert connection(None, None, None, environ).url == "http://new:1"


def test_two_running_stacks_are_not_guessed_between(tmp_path: Path, environ: dict[str, str]) -> None:
    """Two stacks elsewhere: the command asks which; a named one is taken."""
    one, two = stack(tmp_path / "one", "http://x:1"), stack(tmp_path / "two", "http://x:2")
    notes = tmp_path / "state" / "course-accounts" / "running"
    notes.mkdir(parents=True)
    (notes / f"{os.getpid()}.json").write_text(json.dumps({"data_dir": str(one)}))
    (notes / f"{os.getppid()}.json").write_text(json.dumps({"data_dir": str(two)}))
    with pytest.raises(Failure) as refused:
        connection(None, None, None, environ)
    assert refused.value.shown.exit is Exit.USAGE
    assert connection(None, None, two, environ).url == "http://x:2"


def test_the_local_token_goes_to_the_local_server_only(tmp_path: Path, environ: dict[str, str]) -> None:
    """Naming the local address is enough; another address never gets the local token."""
    stack(tmp_path / "data" / "course-accounts", "http://x:1")
    assert connection("http://x:1/", None, None, environ).token == "token-of-course-accounts"
    with pytest.raises(Failure) as refused:
        connection("http://elsewhere:1", None, None, environ)
    assert refused.value.shown.exit is Exit.NOT_ALLOWED


def test_not_an_address(environ: dict[str, str]) -> None:
    """A server without http is a slip, not a server."""
    with pytest.raises(Failure) as refused:
        connection("localhost:80", "t", None, environ)
    assert refused.value.shown.exit is Exit.USAGE


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"url": 1}', b"\xff"])
def test_a_damaged_ready_file_is_none(tmp_path: Path, content: bytes) -> None:
    """Half-written or foreign content is no running stack."""
    (tmp_path / "ready.json").write_bytes(content)
    assert read_ready(tmp_path / "ready.json") is None


def test_notes_of_dead_processes_are_cleared(tmp_path: Path, environ: dict[str, str]) -> None:
    """A killed stack's note neither misleads nor piles up."""
    notes = tmp_path / "state" / "course-accounts" / "running"
    notes.mkdir(parents=True)
    for name in ("4194999.json", "junk.json", "99999999999999999999.json"):
        (notes / name).write_text("{}")
    assert running(environ) == ()
    assert list(notes.iterdir()) == []


def test_a_home_that_cannot_be_written_is_no_obstacle(tmp_path: Path) -> None:
    """The stack starts although nobody will find it by itself."""
    (tmp_path / "state").write_text("a file, not a folder")
    environ = {"XDG_STATE_HOME": str(tmp_path / "state"), "XDG_DATA_HOME": str(tmp_path)}
    with noted(tmp_path, environ):
        assert running(environ) == ()
