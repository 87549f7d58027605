"""What FastAPI cannot see by itself, said for the OpenAPI document: bodies that msgspec decodes, files, headers."""

from typing import Any

import msgspec


def json_body(model: type[Any], *, example: Any, required: bool = False) -> dict[str, Any]:
    """For `openapi_extra=`: a JSON body of this msgspec struct; `required` if an empty body is refused.

    Its `$defs` become components of the document.
    """
    content = {"schema": msgspec.json.schema(model), "example": example}
    return {"requestBody": {"required": required, "content": {"application/json": content}}}


def file_answer(description: str, *, example: str, media_type: str = "text/csv") -> dict[str, Any]:
    """For `responses={200: …}` beside `response_class=Response`: a file, made while it is sent."""
    schema = {"type": "string"}
    return {"description": description, "content": {media_type: {"schema": schema, "example": example}}}


def answer_headers(**headers: str) -> dict[str, Any]:
    """Headers of an answer by name (`_` for `-`), each with what it says."""
    return {
        name.replace("_", "-"): {"description": text, "schema": {"type": "string"}}
        for name, text in headers.items()
    }
