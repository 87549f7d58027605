"""The example of the page about writing a backend is what the page shows, and short."""

from tests.docs.blocks import blocks_of
from tests.docs.conftest import ROOT


def test_the_page_shows_the_example_as_it_is() -> None:
    """The one that passes the contract, in fewer than 60 lines."""
    example = (ROOT / "examples" / "backend_sqlite" / "course_accounts_sqlite.py").read_text("utf-8")
    page = ROOT / "docs" / "how-to" / "write-a-backend.md"
    [shown] = [block.text for block in blocks_of(page) if block.kind == "python"]
    assert shown == example
    assert len(example.splitlines()) < 60
