"""Named queries in files."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from services.common import sql
from services.common.sql import load_queries

Package = Callable[[str], str]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Package:
    """Makes a package with a file of queries and returns its name."""

    def make(text: str) -> str:
        folder = tmp_path / "some_queries"
        folder.mkdir()
        (folder / "__init__.py").touch()
        (folder / "queries.sql").write_text(text, "utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, "some_queries", raising=False)
        return "some_queries"

    return make


def test_queries_by_name(package: Package) -> None:
    """Each with its description, which a server's log then shows; comments may stand before the first."""
    name = package(
        "-- About things.\n\n-- name: one\n-- The first.\nSELECT 1;\n\n-- name: two\n-- Next.\nSELECT 2;\n"
    )
    assert load_queries(name) == {"one": "-- The first.\nSELECT 1;", "two": "-- Next.\nSELECT 2;"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-- name: a\n-- A.\nSELECT 1;\n-- name: a\n-- B.\nSELECT 2;\n", "a is there twice"),
        ("-- name: a\nSELECT 1;\n", "a has no description"),
        ("SELECT 0;\n-- name: a\n-- A.\nSELECT 1;\n", "SQL before the first name"),
    ],
)
def test_mistakes_are_refused_at_import(package: Package, text: str, reason: str) -> None:
    """Not when the query is first needed."""
    with pytest.raises(ValueError, match=reason):
        load_queries(package(text))


def test_every_file_of_ours_can_be_read() -> None:
    """Query files anywhere in the services (not migrations and tables)."""
    root = Path(sql.__file__).parents[1]
    files = [
        path for path in root.rglob("*.sql") if "migrations" not in path.parts and path.name != "tables.sql"
    ]
    assert files
    for path in files:
        folder = ".".join(("services", *path.parent.relative_to(root).parts))
        assert load_queries(folder, path.name)
