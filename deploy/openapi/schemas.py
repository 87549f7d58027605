"""Schemas of the document: open for what later versions add, with nulls in examples where they belong. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from deploy.openapi.tidying import Document, operations


def opened(document: Document) -> Document:
    """A copy in which answers may hold more than is described; what we are sent may not."""
    closed = reachable(
        document, [one["requestBody"] for _, _, one in operations(document) if "requestBody" in one]
    )
    schemas = document["components"]["schemas"]
    free = {name: schema if name in closed else _open(schema) for name, schema in schemas.items()}
    return {**document, "components": {**document["components"], "schemas": free}}


def reachable(document: Document, parts: Any) -> set[str]:
    """The names of the schemas that `parts` need, directly or not."""
    schemas = document["components"]["schemas"]
    found: set[str] = set()
    ahead = list(_names(parts))
    while ahead:
        name = ahead.pop()
        if name not in found and name in schemas:
            found.add(name)
            ahead += _names(schemas[name])
    return found


def with_nulls(document: Document) -> Document:
    """A copy whose examples have every field that must be there: the framework drops those that are null."""
    whole: Document = _walked(document, document["components"]["schemas"])
    return whole


def _walked(part: Any, schemas: Mapping[str, Any]) -> Any:
    if isinstance(part, list):
        return [_walked(one, schemas) for one in part]
    if not isinstance(part, dict):
        return part
    walked = {key: _walked(value, schemas) for key, value in part.items()}
    if isinstance(examples := part.get("examples"), list):
        walked["examples"] = [_completed(example, part, schemas) for example in examples]
    if "example" not in part and (found := _of_its_items(part.get("schema"), schemas)) is not None:
        walked["example"] = [found]
    if "schema" in part and "example" in part:
        walked["example"] = _completed(part["example"], part["schema"], schemas)
    return walked


def _of_its_items(schema: Any, schemas: Mapping[str, Any]) -> Any:
    """An example of the things that a list holds; None if the schema is of no list, or they have none."""
    if not isinstance(schema, dict) or schema.get("type") != "array" or "$ref" not in schema["items"]:
        return None
    name = schema["items"]["$ref"].rsplit("/", 1)[1]
    return next(iter(_walked(schemas[name], schemas).get("examples", ())), None)


def _completed(value: Any, schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:
    if "$ref" in schema:
        return _completed(value, schemas[schema["$ref"].rsplit("/", 1)[1]], schemas)
    for one in schema.get("anyOf", ()):
        if "$ref" in one or one.get("type") in ("object", "array"):
            return _completed(value, one, schemas)
    if isinstance(value, list) and "items" in schema:
        return [_completed(one, schema["items"], schemas) for one in value]
    if not isinstance(value, dict):
        return value
    known = schema.get("properties", {})
    whole = {
        name: _completed(value[name], part, schemas) if name in value else None
        for name, part in known.items()
        if name in value or (name in schema.get("required", ()) and _may_be_null(part))
    }
    return {**whole, **{name: one for name, one in value.items() if name not in known}}


def _may_be_null(schema: Mapping[str, Any]) -> bool:
    return {"type": "null"} in schema.get("anyOf", ()) or schema.get("type") == "null"


def _open(part: Any) -> Any:
    if isinstance(part, list):
        return [_open(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {
        key: _open(value)
        for key, value in part.items()
        if not (key == "additionalProperties" and value is False)
    }


def _names(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(reference := part.get("$ref"), str):
            yield reference.rsplit("/", 1)[1]
        for one in part.values():
            yield from _names(one)
    elif isinstance(part, list):
        for one in part:
            yield from _names(one)
