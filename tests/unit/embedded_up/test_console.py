"""What is said, as lines and as JSON."""

import io
import json
from pathlib import Path

from deploy.embedded.console import JsonConsole, PlainConsole, console_for
from deploy.embedded.errors import StackError
from deploy.embedded.overview import Row, resume_command
from deploy.embedded.supervisor import Change, Ended, NotReplaced, Replaced

CHANGES: list[Change] = [
    Ended("provisioner", 7, -9, 0.4, Path("/l")),
    NotReplaced("provisioner", StackError("SERVICE_ENDED", "It ended."), 1.2),
    Replaced("provisioner", 8, 2.0),
]
DOCUMENT = {"url": "u", "web_url": "u/#sign-in=t", "data_dir": "/data", "projects": [{"uuid": "ab"}]}
TABLE = [Row("Importer", "http://127.0.0.1:1", 7, "/data/logs/importer.log")]


def test_changes_in_words() -> None:
    """A person reads what ended, how, what happens next, and when it is well again."""
    out = io.StringIO()
    console = PlainConsole(out)
    for change in CHANGES:
        console.changed(change)
    lines = out.getvalue().splitlines()
    assert (
        lines[0]
        == "Provisioner (process 7) has stopped: ended by SIGKILL. Starting it again in 0.4 s. Log: /l"
    )
    assert lines[1] == "It ended. Next try in 1 s."
    assert lines[2] == "Provisioner is ready again as process 8, after 2.0 s."


def test_every_json_line_is_an_event() -> None:
    """A program gets one object a line, each naming its event; `ready` holds document and table."""
    out = io.StringIO()
    console = JsonConsole(out)
    console.starting()
    console.done("Kafka", 1.0)
    console.say("PORT_TAKEN", "Port 8090 is used.")
    console.ready(DOCUMENT, TABLE, 4.0)
    for change in CHANGES:
        console.changed(change)
    console.stopped(Path("/data"), 1.0)
    said = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["event"] for line in said] == [
        "starting",
        "step_done",
        "note",
        "ready",
        "process_ended",
        "process_not_replaced",
        "process_replaced",
        "stopped",
    ]
    assert said[3]["services"][0]["pid"] == 7


def test_a_pipe_gets_plain_lines() -> None:
    """No colours and no spinner where no person looks."""
    out = io.StringIO()
    console = console_for(as_json=False, out=out)
    console.starting()
    console.ready(DOCUMENT, TABLE, 4.0)
    console.stopped(Path("/data"), 1.0)
    assert "\x1b" not in out.getvalue()
    assert "u/#sign-in=t" in out.getvalue()
    assert "course-accounts import examples/course.csv --project ab --wait" in out.getvalue()


def test_how_to_go_on_names_the_data_directory_only_where_needed(tmp_path: Path) -> None:
    """The command can be pasted, also when the path has a space."""
    assert resume_command(Path("/my data")) == "course-accounts up --data-dir '/my data'"
