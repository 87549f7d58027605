"""Types of the HTTP contract."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, PlainSerializer, WithJsonSchema

HexId = Annotated[
    UUID,
    PlainSerializer(lambda value: value.hex, return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^[0-9a-f]{32}$", "description": "32 hex digits"}),
]
"""An id as the API writes it: 32 hex digits. Both spellings are accepted when read."""
HexText = Annotated[str, Field(pattern="^[0-9a-f]{32}$", description="32 hex digits")]
"""The same in models that only describe an answer, and so that a dash is noticed."""
