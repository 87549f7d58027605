"""Help pages: complete, fresh, and quick."""

import subprocess
import sys
from pathlib import Path

import pytest

from cli import help_pages
from cli.main import help_page

HEAVY = (
    "cyclopts",
    "rich",
    "httpx2",
    "fastapi",
    "faststream",
    "structlog",
    "pydantic",
    "aiokafka",
    "asyncpg",
)


def test_help_pages_are_what_the_commands_say() -> None:
    """help.json and the reference are fresh; otherwise run `python -m cli.help_pages`."""
    assert help_pages.JSON_FILE.read_text(encoding="utf-8") == help_pages.as_json()
    assert help_pages.REFERENCE.read_text(encoding="utf-8") == help_pages.as_reference()


def test_every_page_begins_with_examples_and_fits() -> None:
    """Examples come first, and no line is wider than a terminal."""
    for name, page in help_pages.pages().items():
        lines = page.splitlines()
        assert lines[0] == "Examples:", name
        assert lines[1].startswith("  course-accounts "), name
        assert max(map(len, lines)) <= 104, name


@pytest.mark.parametrize(
    "arguments", [[], ["--help"], ["-h"], ["import", "--help"], ["projects", "list", "-h"]]
)
def test_pages_answered_from_the_file(arguments: list[str]) -> None:
    """The program itself and every command have a page."""
    page = help_page(arguments)
    assert page is not None
    assert page.startswith("Examples:\n")


@pytest.mark.parametrize("arguments", [["import"], ["nonsense", "--help"], ["import", "--help", "x"]])
def test_everything_else_goes_to_the_parser(arguments: list[str]) -> None:
    """What is not a plain question for help is not answered from the file."""
    assert help_page(arguments) is None


@pytest.mark.parametrize("arguments", [["--help"], ["import", "--help"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    """Help is quick because nothing is imported for it."""
    program = (
        "import sys\n"
        f"sys.argv[1:] = {arguments!r}\n"
        "from cli.main import main\n"
        "try:\n    main()\nexcept SystemExit as ended:\n    assert ended.code == 0\n"
        f"print('HEAVY', sorted(set({HEAVY!r}) & set(sys.modules)))\n"
    )
    done = _python(program)
    assert done.stdout.endswith("HEAVY []\n"), done.stdout + done.stderr


def test_commands_import_only_what_they_need() -> None:
    """A command of the client loads no part of the services, and rich only when something moves."""
    program = (
        "import sys\n"
        "from cli.main import run\nfrom cli.world import World\n"
        "assert run(['status', '0'*32, '--server', 'http://127.0.0.1:1', '--token', 't'], World()) == 7\n"
        f"print('HEAVY', sorted(set({HEAVY!r}) & set(sys.modules)))\n"
    )
    assert _python(program).stdout.endswith("HEAVY ['cyclopts', 'httpx2']\n")


def _python(program: str) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).parents[3]
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=root, timeout=60, check=False
    )
