"""All files that are generated, by path, and the release of schemas."""

import json
from pathlib import Path
from typing import Any

from schemas.generate.asyncapi import document
from schemas.generate.contracts import CONTRACTS
from schemas.generate.json_schema import Schema, json_schema
from schemas.generate.reference import codes, reference

ROOT = Path(__file__).parents[2]
JSON_SCHEMAS = ROOT / "schemas/json"
RELEASED = ROOT / "schemas/released"
EXAMPLES = ROOT / "schemas/examples"


def outputs() -> dict[Path, str]:
    """What each generated file should hold."""
    examples = {c.type_name: published_examples(c.file_name) for c in CONTRACTS}
    asyncapi = document(examples)
    return {
        **{JSON_SCHEMAS / c.file_name: _pretty(json_schema(c)) for c in CONTRACTS},
        ROOT / "schemas/asyncapi.json": _pretty(asyncapi),
        ROOT / "docs/reference/events.md": reference(),
        ROOT / "docs/reference/codes.md": codes(),
    }


def published_examples(file_name: str) -> list[dict[str, Any]]:
    """The examples of one event type that say something to a reader, not only to a test."""
    path = EXAMPLES / file_name
    examples = json.loads(path.read_text("utf-8")) if path.exists() else []
    return [example for example in examples if "raw" not in example]


def write() -> list[Path]:
    """Write what differs, remove schemas of no event, and say which files changed."""
    wanted = outputs()
    stale = [path for path in JSON_SCHEMAS.glob("*.json") if path not in wanted]
    for path in stale:
        path.unlink()
    changed = [path for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text]
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted[path], "utf-8", newline="\n")
    return [*stale, *changed]


def released() -> dict[str, Schema]:
    """The schemas as last released, by file name."""
    return {path.name: json.loads(path.read_text("utf-8")) for path in sorted(RELEASED.glob("*.json"))}


def current() -> dict[str, Schema]:
    """The schemas as the models are now, by file name."""
    return {contract.file_name: json_schema(contract) for contract in CONTRACTS}


def release() -> list[Path]:
    """Freeze the current schemas as the released ones. Check them first: `compatibility.incompatible`."""
    RELEASED.mkdir(exist_ok=True)
    schemas = current()
    for name, schema in schemas.items():
        (RELEASED / name).write_text(_pretty(schema), "utf-8", newline="\n")
    return [RELEASED / name for name in schemas]


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
