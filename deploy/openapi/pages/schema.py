"""JSON Schemas as HTML: the type in a line, the fields in a table. Pure."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from deploy.openapi.pages.html import Content, Html, anchor, el, joined, paragraphs, prose, table

Schema = Mapping[str, Any]
_LONGEST_PATTERN = 40
"""A longer one tells a person nothing: the meaning beside it does."""
_BOUNDS = (
    ("minimum", "≥ {}"),
    ("exclusiveMinimum", "> {}"),
    ("maximum", "≤ {}"),
    ("exclusiveMaximum", "< {}"),
    ("minLength", "{} or more characters"),
    ("maxLength", "at most {} characters"),
    ("minItems", "{} or more"),
    ("maxItems", "at most {}"),
)


def type_of(schema: Schema) -> Html:
    """What a value may be, in one line; a model of its own is a link."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return el("a", name, href=f"#schema-{anchor(name)}")
    if "const" in schema:
        return _literal(schema["const"])
    if "enum" in schema:
        return joined(_between(map(_literal, schema["enum"]), " | "))
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            return joined(_between(map(type_of, schema[word]), " or " if word != "allOf" else " and "))
    kind = schema.get("type", "anything")
    if isinstance(kind, list):
        return joined(_between((type_of({**schema, "type": one}) for one in kind), " or "))
    if kind == "array":
        return joined(["list of ", type_of(schema.get("items", {})), _bounds(schema)])
    if kind == "object":
        return _object(schema)
    return joined([f"{schema['format']} " if "format" in schema else "", kind, _bounds(schema)])


def fields_of(schema: Schema) -> Html:
    """The fields of an object, with those of objects inside it; what is no object gives nothing."""
    return table(("field", "type", "meaning"), _rows(schema))


def model(name: str, schema: Schema) -> Html:
    """A named schema: what it is, its fields or its type."""
    described = paragraphs(schema.get("description"))
    fields = fields_of(schema) or el("p", type_of(schema))
    return el("section", el("h3", name), described, fields, id=f"schema-{anchor(name)}", class_="model")


def _rows(schema: Schema, before: str = "") -> Iterator[tuple[Content, ...]]:
    needed = schema.get("required", ())
    for name, part in schema.get("properties", {}).items():
        path = f"{before}{name}"
        marks = [] if name in needed else [el("small", "may be missing")]
        if part.get("default") is not None:
            marks.append(el("small", "default ", _literal(part["default"])))
        yield (
            el("code", path),
            type_of(part),
            joined([prose(part.get("description", "")), *(joined([" ", mark]) for mark in marks)]),
        )
        yield from _rows(part, f"{path}.")
        yield from _rows(part.get("items", {}), f"{path}[].")


def _object(schema: Schema) -> Html:
    more = schema.get("additionalProperties")
    if isinstance(more, Mapping) and more and not schema.get("properties"):
        return joined(["object: by name ", type_of(more)])
    return Html("object")


def _bounds(schema: Schema) -> Html:
    said = [text.format(f"{schema[word]:,}") for word, text in _BOUNDS if word in schema]
    parts: list[Content] = [", ".join(said)] if said else []
    if len(schema.get("pattern", "x" * 99)) <= _LONGEST_PATTERN:
        parts.append(joined(["as ", el("code", schema["pattern"])]))
    return joined([", ", _between(parts, ", ")]) if parts else Html("")


def _literal(value: Any) -> Html:
    return el("code", json.dumps(value, ensure_ascii=False))


def _between(parts: Any, word: str) -> Iterator[Content]:
    for number, part in enumerate(parts):
        if number:
            yield word
        yield part
