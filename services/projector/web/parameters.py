"""Parameters that several routes take, described once for the API document."""

from typing import Annotated, Any, Final

from fastapi import Path, Query
from pydantic import WithJsonSchema

EITHER_SPELLING: Final = "^([0-9a-fA-F]{32}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$"
NO_NUL: Final = r"^[^\x00]*$"
"""Postgres keeps no such character, so nothing can have it."""

_ID: Final[dict[str, Any]] = {"pattern": EITHER_SPELLING}

AccountId = Annotated[str, Path(description="the account, with or without dashes", json_schema_extra=_ID)]
ImportId = Annotated[str, Path(description="the import, with or without dashes", json_schema_extra=_ID)]
ProjectId = Annotated[str, Path(description="the project, with or without dashes", json_schema_extra=_ID)]
ReplayId = Annotated[str, Path(description="the replay, with or without dashes", json_schema_extra=_ID)]
IdText = Annotated[str, WithJsonSchema({"type": "string", "pattern": f"{EITHER_SPELLING}|^$"})]
"""An id in a query, in either spelling; none at all says nothing."""
Text = Annotated[str | None, Query(max_length=320, pattern=NO_NUL)]
Cursor = Annotated[
    str | None,
    Query(
        max_length=2000, description="where a page begins: from `next` of the page before it, never made up"
    ),
]
