"""Commands that save what the server sends."""

from pathlib import Path

from tests.integration.cli.conftest import Call
from tests.integration.cli.course import IMPORT, PROJECT
from tests.integration.cli.scripted import Answer, Script, problem

ACCOUNTS = "GET /api/marketplace-course-accounts/export.csv"
CONTENT = "email,description\r\nliis@example.org,Ä\r\n".encode()


def test_accounts_become_a_file(call: Call, script: Script, tmp_path: Path) -> None:
    """Byte for byte; filters go to the server."""
    script.on(ACCOUNTS, Answer(body=CONTENT))
    file = tmp_path / "accounts.csv"
    code, here = call("export", "accounts", file, "-p", "Course A", "--state", "OK", "--state", "Erred")
    assert (code, here.stdout.text, file.read_bytes()) == (0, "", CONTENT)
    assert (
        here.stderr.text == f"{len(CONTENT)} bytes in {file}. They hold personal data: keep them as such.\n"
    )
    [asked] = script.find(ACCOUNTS)
    assert asked.line == f"{ACCOUNTS}?state=OK&state=Erred&project_uuid={PROJECT['uuid']}"


def test_rows_become_a_file(call: Call, script: Script, tmp_path: Path) -> None:
    """And what is there is not replaced."""
    script.on(f"GET /api/course-imports/{IMPORT}/rows.csv", Answer(body=CONTENT))
    file = tmp_path / "rows.csv"
    assert call("export", "rows", IMPORT, file, "--quiet")[0] == 0
    assert file.read_bytes() == CONTENT
    code, here = call("export", "rows", IMPORT, file)
    assert (code, here.stderr.text) == (1, f"Error: {file} is there already.\n  Name another file.\n")


def test_what_is_refused_or_cut_leaves_no_file(call: Call, script: Script, tmp_path: Path) -> None:
    """An unknown import is 6, a lost connection 7; nothing is there that could be mistaken for all."""
    path = f"GET /api/course-imports/{IMPORT}/rows.csv"
    for answer, expected in ((problem(404, "NOT_FOUND", "None."), 6), (Answer(lost=True), 7)):
        script.on(path, answer)
        assert call("export", "rows", IMPORT, tmp_path / "rows.csv")[0] == expected
    assert list(tmp_path.iterdir()) == []
