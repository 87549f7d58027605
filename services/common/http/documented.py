"""What FastAPI cannot see by itself, said for the OpenAPI document: files and headers of answers."""

from typing import Any


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
