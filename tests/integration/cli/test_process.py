"""The program as its own process: signals, pipes, exit codes."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.integration.cli.course import IMPORT, STATUS, said, status
from tests.integration.cli.scripted import BOUND, Answer, Script

ROOT = Path(__file__).parents[3]


def started(script: Script, *arguments: object) -> subprocess.Popen[str]:
    """The program with these arguments."""
    environ = os.environ | {"COURSE_ACCOUNTS_SERVER": script.url, "COURSE_ACCOUNTS_TOKEN": "t"}
    return subprocess.Popen(
        [sys.executable, "-m", "cli.main", *map(str, arguments)],
        cwd=ROOT,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background has Ctrl-C ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def test_a_script_without_a_terminal(script: Script, file: Path) -> None:
    """The command of the documentation, as a script runs it: no question, outcome on stdout, exit code 5."""
    script.on(STATUS, said(status("finished", version=6, created=2, failed=1, invalid=1)))
    process = started(script, "import", file, "--project", "Course A", "--wait", "--json")
    out, err = process.communicate(timeout=BOUND)
    assert process.returncode == 5, err
    assert json.loads(out.splitlines()[-1])["state"] == "finished"


@pytest.mark.parametrize(
    ("held_at", "words"),
    [
        (STATUS, f"The import goes on. See it again: course-accounts status {IMPORT} --wait"),
        ("POST /api/import-drafts/", "Nothing was created."),
        (f"POST /api/import-drafts/{IMPORT}/submit/", f"course-accounts status {IMPORT}"),
    ],
)
def test_ctrl_c(script: Script, file: Path, held_at: str, words: str) -> None:
    """Ctrl-C at any moment: 130, and the truth about what has happened so far."""
    release = threading.Event()
    script.on(held_at, Answer(200, {}, held=release))
    process = started(script, "import", file, "-p", "course-a", "--wait")
    try:
        script.wait_for(held_at)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=BOUND)
    finally:
        release.set()
    assert process.returncode == 130
    assert words in err
    assert "Traceback" not in err


def test_reader_of_the_pipe_leaves(script: Script) -> None:
    """`course-accounts failures … | head -1` ends without a stack trace."""
    content = b"email,description\n" + b"a@example.org,\n" * 100_000
    script.on(f"GET /api/course-imports/{IMPORT}/failures.csv", Answer(body=content))
    process = started(script, "failures", IMPORT)
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdout, process.stderr:
        assert process.stdout.readline() == "email,description\n"
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.wait(BOUND) == 141


def test_help_and_version(script: Script) -> None:
    """Help goes to stdout with 0."""
    process = started(script, "import", "--help")
    out, err = process.communicate(timeout=BOUND)
    assert (process.returncode, err) == (0, "")
    assert out.startswith("Examples:\n")
