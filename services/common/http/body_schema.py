"""Bodies that msgspec reads, described for the API document from the very types that read them."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

_EITHER_SPELLING: Final = {
    "type": "string",
    "pattern": "^([0-9a-fA-F]{32}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$",
    "description": "32 hex digits, with or without dashes",
}


def json_body(
    struct: type[msgspec.Struct],
    *,
    example: Mapping[str, Any],
    required: bool = True,
    also: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """For FastAPI's `openapi_extra=`: the route takes JSON as `struct` reads it.

    `required`: whether there must be a body at all; `also`: keywords that the type cannot say.

    Raises:
        TypeError: the struct holds others.
    """
    (reference,), components = msgspec.json.schema_components([struct], ref_template="{name}")
    described = components.pop(reference["$ref"])
    if components:
        raise TypeError(f"{struct.__name__} holds other structs: describe its body by hand")
    schema = {**_spelled(described), **(also or {}), "examples": [example]}
    return {"requestBody": {"required": required, "content": {"application/json": {"schema": schema}}}}


def _spelled(schema: Any) -> Any:
    """The same, with ids in either spelling."""
    if isinstance(schema, list):
        return [_spelled(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("format") == "uuid":
        return dict(_EITHER_SPELLING)
    return {name: _spelled(part) for name, part in schema.items()}
