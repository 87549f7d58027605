"""Answers as bytes: JSON, entity tags, ids, and the address a client sees."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from fastapi import Request, Response

from services.common.database import Pool
from services.common.http import Problem

_UUID_TEXT = (32, 36)


def json_answer(body: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """`body` as JSON; times must be strings already."""
    return Response(orjson.dumps(body), status, headers, "application/json")


def pool_of(request: Request) -> Pool:
    """The pool that serves requests; the fold has its own."""
    pool: Pool = request.app.state.pool
    return pool


def parse_id(text: str) -> UUID:
    """An id in either spelling.

    Raises:
        Problem: 404, because nothing can be at such an address.
    """
    if len(text) in _UUID_TEXT:
        try:
            return UUID(text)
        except ValueError:
            pass
    raise not_found("There is nothing with this id.")


def not_found(detail: str) -> Problem:
    """404 with a sentence."""
    return Problem(404, "NOT_FOUND", detail)


def bad_request(field: str, sentence: str) -> Problem:
    """400 about one parameter."""
    return Problem(400, "INVALID_REQUEST", "The request is not as documented.", errors={field: [sentence]})


def hex_id(value: UUID | None) -> str | None:
    """32 hex digits."""
    return None if value is None else value.hex


def text_id(value: str | None) -> str | None:
    """A user's id: as 32 hex digits if it is a UUID, else as it is."""
    if value is None:
        return None
    try:
        return UUID(value).hex
    except ValueError:
        return value


def utc(value: datetime | None) -> str | None:
    """RFC 3339 in UTC. Times come from the database, which gives them in UTC."""
    return None if value is None else value.isoformat().replace("+00:00", "Z")


def matches(request: Request, etag: str) -> bool:
    """Whether the client holds the answer with this entity tag (weak comparison, as for any GET)."""
    held = request.headers.get("if-none-match")
    if held is None:
        return False
    return held.strip() == "*" or etag in {tag.strip().removeprefix("W/") for tag in held.split(",")}


def origin(request: Request) -> str:
    """Scheme and host as the client sees them; the front passes both on."""
    scheme = request.headers.get("x-forwarded-proto", request.url.scheme)
    return f"{scheme if scheme in ('http', 'https') else 'http'}://{request.url.netloc}"
