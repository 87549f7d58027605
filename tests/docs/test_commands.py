"""What the documentation tells people to type is run, and prints what it shows."""

import asyncio
import re
import shutil
from pathlib import Path

import pytest

from tests.docs.blocks import RUN, Block, blocks_of, import_in, missing_line
from tests.docs.conftest import ROOT, Reader

PAGES = sorted(
    [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "examples" / "README.md",
        *ROOT.glob("docs/**/*.md"),
    ]
)
GENERATED = ROOT / "docs" / "reference"

# Every block that is not run, by its first line. Add one only if running it is impossible.
NOT_RUN = {
    "README.md": ["$ make demo", "$ make test"],
    "docs/how-to/developer.md": ["$ make test", "$ python -m schemas.generate"],
    "docs/how-to/operator.md": [
        'export COURSE_ACCOUNTS_IMPORTER_REQUEST_SOURCES=\'{"registry.example.org": "*", "console": ["0f9c…"]}\'',
        "$ course-accounts up --account-service https://accounts.example.org/api/ \\",
        "$ export COURSE_ACCOUNTS_PROVISIONER_BACKEND=scim",
        "$ course-accounts export log archive --everything    # after Ctrl-C: nothing is written behind it any more",
    ],
    "docs/how-to/manager.md": ["export COURSE_ACCOUNTS_SERVER=https://accounts.example.org"],
}


TOOLS = ("curl", "jq", "kafka-console-producer.sh", "make", "psql")
"""Programs of the reader's own that a page may use."""


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def _runnable(page: Path) -> list[Block]:
    return [block for block in blocks_of(page) if block.kind in RUN or "file" in block.markers]


def _mentions(blocks: list[Block], tool: str) -> bool:
    return any(re.search(rf"\b{tool}\b", block.text) for block in blocks if not block.notest)


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    "page", [p for p in PAGES if GENERATED not in p.parents and _runnable(p)], ids=lambda page: _name(page)
)
async def test_commands_of_a_page(page: Path, reader: Reader) -> None:
    """From top to bottom, each block does what the page says, with the exit code it names."""
    import_id: str | None = None
    blocks = _runnable(page)
    path = reader.environment["PATH"]
    if missing := sorted(
        tool for tool in TOOLS if not shutil.which(tool, path=path) and _mentions(blocks, tool)
    ):
        pytest.skip(f"the page uses {', '.join(missing)}, which this machine does not have")
    for block in blocks:
        if "file" in block.markers:
            (reader.folder / block.markers["file"]).write_text(block.text, "utf-8")
        elif not block.notest:
            within = ROOT if block.markers.get("in") == "checkout" else None
            # In a thread: the installation's own clients must not find their time gone.
            ended = await asyncio.to_thread(reader.run, block.script(import_id), within=within)
            where = f"{_name(page)}:{block.line}\n{block.text}\n--- printed ---\n{ended.stdout}"
            assert ended.returncode == int(block.markers.get("exit", "0")), where
            assert missing_line(block.shown(), ended.stdout) is None, where
            import_id = import_in(ended.stdout) or import_id


def test_what_is_not_run_is_little_and_has_a_reason() -> None:
    """The list above is complete, short, and every entry says why in the page."""
    found: dict[str, list[str]] = {}
    for page in PAGES:
        for block in blocks_of(page):
            if block.notest:
                assert block.markers.get("reason"), f"{_name(page)}:{block.line} gives no reason"
                found.setdefault(_name(page), []).append(block.text.splitlines()[0])
    assert found == NOT_RUN
    assert sum(map(len, NOT_RUN.values())) <= 9


def test_commands_hide_in_no_other_block() -> None:
    """A block with a prompt is `console`; `sh`, `shell` and nameless blocks would escape the tests."""
    for page in PAGES:
        if GENERATED in page.parents:
            continue
        for block in blocks_of(page):
            assert block.kind not in ("", "sh", "shell"), f"{_name(page)}:{block.line}"
            assert block.kind in RUN or "\n$ " not in "\n" + block.text, f"{_name(page)}:{block.line}"


def test_output_is_compared() -> None:
    """Shown lines must come in order; `…` stands for anything, and what is wrong is found."""
    said = "one  line\nimport 12 done\nlast\n"
    assert missing_line(["one line", "import … done"], said) is None
    assert missing_line(["import … done", "one line"], said) == "one line"
    assert missing_line(["import … failed"], said) == "import … failed"


def test_ids_are_found() -> None:
    """The last import spoken of is the one the word IMPORT means."""
    a, b = "a" * 32, "b" * 32
    assert import_in(f'{{"uuid":"{a}","state":"finished"}}\ncourse-accounts failures {b} > fixed.csv') == b
    assert import_in("nothing") is None
