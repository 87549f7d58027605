"""Links of the documentation lead somewhere, and its lists say what the code says."""

import re
from pathlib import Path

import pytest

from services.importer.reading.header import SYNONYMS
from tests.docs.blocks import blocks_of
from tests.docs.conftest import ROOT

PAGES = sorted(
    page
    for page in [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("examples/*.md"),
        *ROOT.glob("deploy/**/*.md"),
    ]
)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_PATH = re.compile(r"`((?:schemas|services|deploy|cli|tests|bench|docs|examples)/[\w./-]*\w/?)(?::\d+)?`")


def _prose(page: Path) -> str:
    text = page.read_text("utf-8")
    for block in blocks_of(page):
        text = text.replace(block.text, "")
    return text


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ +(.+)$", _prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_resolve(page: Path) -> None:
    """A relative link names a file that is there, and a heading that is in it."""
    for link in _LINK.findall(_prose(page)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{link} leads nowhere"
        assert target.is_relative_to(ROOT), f"{link} leaves the checkout"
        assert not anchor or anchor in _anchors(target), f"{link}: no such heading"


MADE = {"bench/results/"}
"""Folders that a command makes; git ignores them."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_named_files_are_there(page: Path) -> None:
    """A path in the code font exists, or is made by a command."""
    for path in _PATH.findall(_prose(page)):
        assert path in MADE or (ROOT / path).exists(), f"`{path}` is not there"


def test_every_decision_is_in_the_index() -> None:
    """Each decision has a number of its own, and `docs/adr/README.md` lists it with its title."""
    folder = ROOT / "docs" / "adr"
    files = sorted(folder.glob("[0-9]*.md"))
    assert len({file.name[:4] for file in files}) == len(files)
    index = (folder / "README.md").read_text("utf-8")
    for file in files:
        title = file.read_text("utf-8").splitlines()[0].removeprefix(f"# {file.name[:4]} – ")
        assert f"[{title}]({file.name})" in index, file.name


def test_column_names_are_listed() -> None:
    """Every heading that is understood is on the page about files, and no other."""
    page = (ROOT / "docs" / "how-to" / "csv-files.md").read_text("utf-8")
    for column, names in SYNONYMS.items():
        row = next(line for line in page.splitlines() if line.startswith(f"| `{column}` |"))
        assert set(re.findall(r"`([^`]+)`", row)) - {column} == set(names) - {column}
