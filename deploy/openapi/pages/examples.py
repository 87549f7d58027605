"""Examples of bodies, and commands for a shell that send them. Pure."""

import json
import shlex
from collections.abc import Mapping
from typing import Any

Document = Mapping[str, Any]


def example_of(document: Document, media: Document) -> Any:
    """An example of a body: its own, or that of its model."""
    if "example" in media:
        return media["example"]
    for one in media.get("examples", {}).values():
        return one.get("value")
    schema = media.get("schema", {})
    for kind in (schema, *schema.get("anyOf", ())):
        found = document["components"]["schemas"][_name(kind)] if "$ref" in kind else kind
        for example in found.get("examples", ()):
            return example
    return None


def _name(schema: Document) -> str:
    return str(schema["$ref"].rsplit("/", 1)[1])


def curl(document: Document, path: str, method: str, one: Document) -> str:
    """The command for a shell; ids are to be filled in."""
    words = ["curl"]
    if method == "head":
        words.append("--head")
    elif method != "get":
        words += ["--request", method.upper()]
    words += ["--header", '"Authorization: Token $TOKEN"']
    kind, media = next(iter(one.get("requestBody", {}).get("content", {}).items()), ("", {}))
    if kind == "multipart/form-data":
        words += ["--form", "file=@participants.csv", "--form", "project=PROJECT"]
    elif kind == "application/json":
        example = json.dumps(example_of(document, media) or {}, ensure_ascii=False)
        words += ["--header", "'Content-Type: application/json'", "--data", shlex.quote(example)]
    elif kind:
        words += ["--header", f"'Content-Type: {kind}'", "--data-binary", "@participants.csv"]
    return " ".join([*words, f'"$URL{path}"'])
