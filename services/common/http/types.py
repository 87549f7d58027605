"""Types of the HTTP contract."""

from typing import Annotated
from uuid import UUID

from pydantic import PlainSerializer, WithJsonSchema

HexId = Annotated[
    UUID,
    PlainSerializer(lambda value: value.hex, return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^[0-9a-f]{32}$", "description": "32 hex digits"}),
]
"""An id as the API writes it: 32 hex digits. Both spellings are accepted when read."""
