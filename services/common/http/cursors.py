"""Cursors: a place in a list that stays right while the list grows. Opaque to clients."""

import base64
import binascii
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import orjson
from fastapi import Request

from services.common.http.problems import Problem

_LONGEST = 2000
_YEARS = (1970, 9000)


def next_link(request: Request, place: list[Any]) -> str:
    """The address of the page after `place`: this request with another cursor, without scheme and host."""
    cursor = base64.urlsafe_b64encode(orjson.dumps(place)).decode().rstrip("=")
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return f"{request.scope['path']}?{urlencode([*kept, ('cursor', cursor)])}"


def place_of(cursor: str | None, *kinds: type) -> list[Any] | None:
    """The place a cursor stands for; None without one.

    Raises:
        Problem: 400, if it is none of ours.
    """
    if cursor is None:
        return None
    place = _decoded(cursor) if len(cursor) <= _LONGEST else None
    if not isinstance(place, list) or [type(part) for part in place] != list(kinds):
        raise none_of_ours()
    if not all(map(_storable, place)):
        raise none_of_ours()
    return place


def is_ours(moment: datetime) -> bool:
    """Whether a moment may be ours: some of other years cannot be told in another time zone, nor be stored."""
    return _YEARS[0] <= moment.year <= _YEARS[1]


def moment_of(text: str) -> datetime:
    """A moment that is part of a place.

    Raises:
        Problem: 400, if it is none of ours.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise none_of_ours() from None
    if moment.tzinfo is None or not is_ours(moment):
        raise none_of_ours()
    return moment


def id_of(text: str) -> UUID:
    """An id that is part of a place.

    Raises:
        Problem: 400, if it is none of ours.
    """
    try:
        return UUID(text)
    except ValueError:
        raise none_of_ours() from None


def none_of_ours() -> Problem:
    """What a cursor is answered that we never gave out."""
    return Problem(
        400,
        "INVALID_REQUEST",
        "The request is not as documented.",
        errors={"cursor": ["This is no cursor of ours: begin without one."]},
    )


def _storable(part: Any) -> bool:
    """Whether a database takes it."""
    return 0 <= part < 1 << 63 if isinstance(part, int) else "\0" not in str(part)


def _decoded(cursor: str) -> Any:
    try:
        return orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        return None
