"""What the API document says of uploads: three kinds of bodies, and the answers."""

from typing import Any, Final

from pydantic import ConfigDict, Field

from services.common.http.documented import answer_headers, file_answer
from services.common.http.problem_answer import problems
from services.importer.api.answers import Answer, DraftAnswer

PATH: Final = "/api/import-drafts/"
TEMPLATE: Final = (
    'email,description\r\nada@example.org,Group 1\r\ncharles@example.org,"Group 2, sits beside Ada"\r\n'
)
TEMPLATE_ANSWER: Final = file_answer("The file.", example=TEMPLATE)

_PROJECT: Final = {
    "type": "string",
    "description": "the project's uuid, in either spelling",
    "pattern": "^([0-9a-fA-F]{32}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$",
    "examples": ["2f1d3a5b7c9e4f60a1b2c3d4e5f60718"],
}
_CHOICES: Final[dict[str, dict[str, Any]]] = {
    "encoding": {"type": "string", "description": "as in `limits/`; left out: found out"},
    "delimiter": {"type": "string", "description": "comma, semicolon, tab, pipe, or the character itself"},
    "columns": {
        "type": "string",
        "description": "JSON, counting from 0: header_line, email, description",
        "examples": ['{"email": 0, "description": 1}'],
    },
}
_ACCOUNT: Final = {
    "type": "object",
    "required": ["email"],
    "properties": {"email": {"type": "string"}, "description": {"type": "string"}},
    "additionalProperties": False,
}
_FORM: Final = {
    "type": "object",
    "required": ["project"],
    "properties": {
        "project": _PROJECT,
        **_CHOICES,
        "file": {"type": "string", "contentMediaType": "application/octet-stream"},
        "text": {"type": "string", "description": "pasted text, in place of a file"},
    },
}
_JSON: Final = {
    "type": "object",
    "required": ["project"],
    "properties": {
        "project": _PROJECT,
        "accounts": {"type": "array", "minItems": 1, "items": _ACCOUNT},
        "text": {"type": "string", "description": "pasted text, in place of `accounts`"},
    },
    "additionalProperties": False,
}


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema}


UPLOAD_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "A form with a file or a text; the bytes of a file alone, with the other fields in the query; "
        "or rows as JSON.",
        "content": {
            "multipart/form-data": {"schema": _FORM},
            "text/csv": {"schema": {"type": "string"}, "example": TEMPLATE},
            "application/json": {
                "schema": _JSON,
                "example": {
                    "project": "2f1d3a5b7c9e4f60a1b2c3d4e5f60718",
                    "accounts": [{"email": "ada@example.org", "description": "Group 1"}],
                },
            },
        },
    },
    "parameters": [
        _parameter("project", _PROJECT),
        *[_parameter(name, schema) for name, schema in _CHOICES.items()],
        _parameter(
            "name", {"type": "string", "description": "the file's name, of a body that is the file alone"}
        ),
    ],
}
_HEADERS: Final = answer_headers(Location="where the draft is read")
UPLOAD: Final[dict[int | str, dict[str, Any]]] = {
    201: {"model": DraftAnswer, "description": "The preview.", "headers": _HEADERS},
    202: {
        "model": DraftAnswer,
        "description": "The file is still being read: poll the draft.",
        "headers": _HEADERS,
    },
    **problems(400, 408, 413, 422),
}

_LIMITS_EXAMPLE: Final[dict[str, Any]] = {
    "rows": 200000,
    "bytes": 67108864,
    "json_bytes": 2097152,
    "record_characters": 65536,
    "email_characters": 254,
    "email_local_bytes": 64,
    "description_characters": 2000,
    "encodings": ["utf-8", "windows-1252"],
    "delimiters": [",", ";", "\t", "|"],
    "columns": {"email": ["e-mail", "email"], "description": ["description", "note"]},
    "header_within_lines": 20,
    "blocked_domains": [],
    "unicode_local": False,
    "draft_days": 7,
    "rate": 500.0,
    "seconds": 0.6,
}


class LimitsAnswer(Answer):
    """What an upload may hold."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_LIMITS_EXAMPLE]})

    rows: int
    bytes: int
    json_bytes: int = Field(description="of rows sent as JSON")
    record_characters: int = Field(description="of one record, line breaks in quotes included")
    email_characters: int
    email_local_bytes: int = Field(description="before the @")
    description_characters: int
    encodings: list[str]
    delimiters: list[str]
    columns: dict[str, list[str]] = Field(description="headings that are understood")
    header_within_lines: int
    blocked_domains: list[str]
    unicode_local: bool = Field(description="letters beyond ASCII may stand before the @")
    draft_days: int = Field(description="after which a draft that nobody submits is gone")
    rate: float = Field(description="accounts a second, about")
    seconds: float | None = Field(description="for the number of rows that was asked about")
