"""What is committed is what the models say."""

import json
from pathlib import Path

import pytest

from schemas.generate import outputs

COMMAND = "run `python -m schemas.generate` and commit what it writes"
WANTED = outputs.outputs()


@pytest.mark.parametrize("path", WANTED, ids=lambda path: path.name)
def test_committed_file_is_current(path: Path) -> None:
    """Writing a generated file anew changes nothing."""
    assert path.exists(), f"{path.name} is missing: {COMMAND}"
    assert path.read_text("utf-8") == WANTED[path], f"{path.name} is out of date: {COMMAND}"


def test_no_schema_without_event() -> None:
    """A schema left behind by an event that is gone would mislead a reader."""
    left_behind = set(outputs.JSON_SCHEMAS.iterdir()) - set(WANTED)
    assert not left_behind, COMMAND


def test_writing_is_repeatable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A first run writes every file, a second none, and a stale schema goes."""
    schemas = tmp_path / "schemas/json"
    (stale := schemas / "gone.v1.json").parent.mkdir(parents=True)
    stale.write_text("{}")
    monkeypatch.setattr(outputs, "ROOT", tmp_path)
    monkeypatch.setattr(outputs, "JSON_SCHEMAS", schemas)
    assert set(outputs.write()) == {stale, *outputs.outputs()}
    assert outputs.write() == []
    assert not stale.exists()


def test_schemas_point_nowhere_outside() -> None:
    """A schema is complete in itself and named by its URN: nobody fetches anything to read an event."""
    for path in outputs.JSON_SCHEMAS.glob("*.json"):
        text = path.read_text("utf-8")
        assert text.count("://") == 1, "only $schema, which names the dialect"
        name, version, _ = path.name.split(".")
        assert json.loads(text)["$id"] == f"urn:course-accounts:schema:{name}:{version}"
