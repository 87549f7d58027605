"""A change that breaks old events or old readers is refused; proven with such changes."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas.generate import __main__ as generate
from schemas.generate import outputs
from schemas.generate.compatibility import breaks, incompatible

SCHEMAS = outputs.current()
FAILED, REQUESTED, SKIPPED, ACCEPTED, CREATED = (
    f"{name}.v1.json"
    for name in ("account-failed", "account-requested", "rows-skipped", "import-accepted", "account-created")
)
Change = Callable[[dict[str, Any]], object]


def test_nothing_released_is_broken() -> None:
    """The schemas of today still serve every event and reader of the last release."""
    released = outputs.released()
    assert released
    assert not incompatible(released, SCHEMAS), "give the event a new version instead (docs/adr/0003)"


def test_every_released_schema_is_its_own_successor() -> None:
    """The check says nothing where nothing changed."""
    assert not incompatible(SCHEMAS, SCHEMAS)


def _claim(schema: dict[str, Any]) -> dict[str, Any]:
    part: dict[str, Any] = schema["$defs"]["ClaimRef"]
    return part


def _add_required(part: dict[str, Any]) -> None:
    part["properties"]["added"] = {"type": "string"}
    part["required"].append("added")


def _rename(part: dict[str, Any], old: str, new: str) -> None:
    part["properties"][new] = part["properties"].pop(old)
    part["required"] = [new if name == old else name for name in part["required"]]


def _remove(part: dict[str, Any], name: str) -> None:
    del part["properties"][name]
    part["required"] = [one for one in part["required"] if one != name]


INCOMPATIBLE: dict[str, tuple[str, Change]] = {
    "required field added": (FAILED, _add_required),
    "required field added in a part": (REQUESTED, lambda s: _add_required(_claim(s))),
    "required field removed": (FAILED, lambda s: _remove(s, "code")),
    "optional field removed": (SKIPPED, lambda s: s["$defs"]["SkippedRow"]["properties"].pop("duplicate_of")),
    "field renamed": (FAILED, lambda s: _rename(s, "message", "text")),
    "field renamed in a part": (REQUESTED, lambda s: _rename(_claim(s), "row", "record")),
    "type changed": (FAILED, lambda s: s["properties"].update(attempt={"type": "string"})),
    "optional made required": (CREATED, lambda s: s["required"].append("adopted")),
    "required made optional": (FAILED, lambda s: s["required"].remove("code")),
    "null no longer taken": (CREATED, lambda s: s["properties"]["expires_at"]["anyOf"].pop()),
    "enum value removed": (FAILED, lambda s: s["properties"]["effect"].update(enum=["none"])),
    "enum value added": (FAILED, lambda s: s["properties"]["effect"]["enum"].append("perhaps")),
    "minimum raised": (FAILED, lambda s: s["properties"]["attempt"].update(minimum=1)),
    "maximum lowered": (REQUESTED, lambda s: _claim(s)["properties"]["row"].update(maximum=1000)),
    "length bounded": (FAILED, lambda s: s["properties"]["message"].update(maxLength=80)),
    "fewer items": (SKIPPED, lambda s: s["properties"]["rows"].update(maxItems=100)),
    "more items": (SKIPPED, lambda s: s["properties"]["rows"].update(maxItems=1000)),
    "format demanded": (FAILED, lambda s: s["properties"]["code"].update(format="uuid")),
    "format changed": (CREATED, lambda s: s["properties"]["created_at"].update(format="date")),
    "pattern demanded": (FAILED, lambda s: s["properties"]["code"].update(pattern="^[A-Z]+$")),
    "pattern changed": (
        ACCEPTED,
        lambda s: s["$defs"]["Fingerprint"]["properties"]["sha256"].update(pattern="^x"),
    ),
    "default changed": (
        REQUESTED,
        lambda s: s["$defs"]["IfExists"]["properties"]["erred"].update(default="leave"),
    ),
    "default gone": (CREATED, lambda s: s["properties"]["adopted"].pop("default")),
}

COMPATIBLE: dict[str, tuple[str, Change]] = {
    "optional field added": (
        FAILED,
        lambda s: s["properties"].update(added={"type": "string", "default": ""}),
    ),
    "optional field added in a part": (
        REQUESTED,
        lambda s: _claim(s)["properties"].update(added={"anyOf": [{"type": "integer"}, {"type": "null"}]}),
    ),
    "optional part added": (
        CREATED,
        lambda s: (
            s["$defs"].update(More={"type": "object", "properties": {}, "additionalProperties": False}),
            s["properties"].update(more={"$ref": "#/$defs/More"}),
        ),
    ),
    "described better": (FAILED, lambda s: s["properties"]["code"].update(description="why", title="Code")),
    "part renamed": (
        REQUESTED,
        lambda s: (
            s["$defs"].update(Claim=s["$defs"].pop("ClaimRef")),
            s["properties"].update(claim={"$ref": "#/$defs/Claim"}),
        ),
    ),
}


def _changed(name: str, change: Change) -> dict[str, Any]:
    schema = copy.deepcopy(dict(SCHEMAS[name]))
    change(schema)
    assert schema != SCHEMAS[name]
    return schema


@pytest.mark.parametrize(("name", "change"), INCOMPATIBLE.values(), ids=INCOMPATIBLE)
def test_incompatible_change_is_refused(name: str, change: Change) -> None:
    """Each of these would break an event already written or a reader still running."""
    assert breaks(SCHEMAS[name], _changed(name, change))


@pytest.mark.parametrize(("name", "change"), COMPATIBLE.values(), ids=COMPATIBLE)
def test_compatible_change_is_accepted(name: str, change: Change) -> None:
    """A contract may grow: what is new is optional."""
    assert not breaks(SCHEMAS[name], _changed(name, change))


def test_event_type_removed_is_refused() -> None:
    """Facts are never forgotten, so their readers are not either."""
    fewer = {name: schema for name, schema in SCHEMAS.items() if name != FAILED}
    assert incompatible(SCHEMAS, fewer) == [f"{FAILED}: nobody could read these events any more"]


def test_new_event_type_is_accepted() -> None:
    """A new kind of fact breaks nobody."""
    fewer = {name: schema for name, schema in SCHEMAS.items() if name != FAILED}
    assert not incompatible(fewer, SCHEMAS)


def test_refusal_names_the_place() -> None:
    """Whoever made the change is told where it is."""
    changed = {FAILED: _changed(FAILED, lambda s: s["properties"]["attempt"].update(minimum=1))}
    (sentence,) = incompatible({FAILED: SCHEMAS[FAILED]}, changed)
    assert FAILED in sentence
    assert "/properties/attempt/minimum" in sentence


def test_release_refuses_what_breaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--release` freezes compatible schemas, and writes nothing where one is not."""
    monkeypatch.setattr(outputs, "write", list)
    monkeypatch.setattr(outputs, "ROOT", tmp_path)
    monkeypatch.setattr(outputs, "RELEASED", tmp_path / "released")
    assert generate.main(["--release"]) == 0
    frozen = tmp_path / "released" / FAILED
    stricter = _changed(FAILED, lambda s: s["required"].remove("code"))
    frozen.write_text(json.dumps(stricter))
    before = frozen.read_text()
    capsys.readouterr()
    assert generate.main(["--release"]) == 1
    assert "Not released" in capsys.readouterr().err
    assert frozen.read_text() == before
