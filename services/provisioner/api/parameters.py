"""Parameters that several routes take, and headers that they answer with."""

from typing import Annotated, Any, Final

from fastapi import Header, Path, Query

from services.common.http.repeated import LONGEST_KEY

Uuid = Annotated[str, Path(description="32 hex digits, with or without dashes", max_length=100)]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=LONGEST_KEY,
        description="the same key again, by the same person for the same order: done once, answered as it was",
    ),
]
PageSize = Annotated[int, Query(ge=1, le=300)]
Cursor = Annotated[
    str | None, Query(max_length=2000, description="where a page begins: from `next` of the page before")
]

BEHIND: Final[dict[str, Any]] = {
    "X-Read-Model": {
        "description": "`behind`: it is done, and lists do not show it yet",
        "schema": {"type": "string", "enum": ["behind"]},
    }
}
LOCATION: Final[dict[str, Any]] = {
    "Location": {"description": "where to follow it, without scheme and host", "schema": {"type": "string"}}
}
