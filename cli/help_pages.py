"""Generates the help pages: `python -m cli.help_pages` writes help.json and the reference in docs/.

Run it after every change of a command's options or sentences; a test compares.
"""

import io
import json
from collections.abc import Iterator
from pathlib import Path

from cyclopts import App
from rich.console import Console

from cli.app import app
from cli.exits import MEANINGS

_ROOT = Path(__file__).parent
JSON_FILE = _ROOT / "help.json"
REFERENCE = _ROOT.parent / "docs" / "reference" / "command-line.md"


def pages() -> dict[str, str]:
    """Every help page by the words of its command."""
    every = list(_walk(app, ()))  # walking loads the commands, whose sentences the first page needs
    return {" ".join(words): _page(words) for words in every}


def as_json() -> str:
    """The file the program reads its help pages from."""
    lines = {name: page.splitlines() for name, page in pages().items()}
    return json.dumps(lines, ensure_ascii=False, indent=1) + "\n"


def as_reference() -> str:
    """The page of the documentation."""
    parts = [
        "# Command line",
        "",
        "Generated from `--help`; change the commands in `cli/` and run `python -m cli.help_pages`.",
        "",
        "Data goes to stdout, everything else to stderr. `NO_COLOR` and `TERM=dumb` are honoured; nothing moves",
        "when stderr is not a terminal. `--json` writes one JSON document; `import --json` and",
        "`status --wait --json` write one status a line, and the last line is the result.",
        "",
        "## Exit codes",
        "",
        "| code | meaning |",
        "|---|---|",
        *(f"| {int(code)} | {said} |" for code, said in MEANINGS.items()),
    ]
    for name, page in pages().items():
        parts += ["", f"## `{f'course-accounts {name}'.strip()}`", "", "```text", page.rstrip(), "```"]
    return "\n".join(parts) + "\n"


def _walk(where: App, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield words
    for name in where:
        if not name.startswith("-"):
            yield from _walk(where[name], (*words, name))


def _page(words: tuple[str, ...]) -> str:
    stream = io.StringIO()
    console = Console(file=stream, width=200, force_terminal=False, no_color=True, highlight=False)
    app.help_print([*words], console=console)
    lines = [line.rstrip() for line in stream.getvalue().rstrip().splitlines()]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write both files."""
    JSON_FILE.write_text(as_json(), encoding="utf-8")
    REFERENCE.write_text(as_reference(), encoding="utf-8")


if __name__ == "__main__":
    main()
