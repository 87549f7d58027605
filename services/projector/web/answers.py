"""Answers as bytes: JSON, entity tags, ids and times."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from fastapi import Request, Response

from services.common.access import Principal
from services.common.database import Pool
from services.common.http import Problem
from services.common.http.addresses import parse_id


def json_answer(body: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """`body` as JSON; times must be strings already."""
    return Response(orjson.dumps(body), status, headers, "application/json")


def pool_of(request: Request) -> Pool:
    """The pool that serves requests; the fold has its own."""
    pool: Pool = request.app.state.pool
    return pool


def not_found(detail: str) -> Problem:
    """404 with a sentence."""
    return Problem(404, "NOT_FOUND", detail)


def bad_request(field: str, sentence: str) -> Problem:
    """400 about one parameter."""
    return Problem(400, "INVALID_REQUEST", "The request is not as documented.", errors={field: [sentence]})


def id_of(field: str, text: str | None) -> UUID | None:
    """An id that a query may name, in either spelling; None if it does not.

    Raises:
        Problem: 400, it is no id.
    """
    if not text:
        return None
    try:
        return parse_id(text)
    except Problem:
        raise bad_request(field, "Write an id: 32 hex digits, with or without dashes.") from None


def sees(principal: Principal, project_id: UUID | None) -> bool:
    """Whether what belongs to a project is there for somebody; what is of no project yet is there for staff."""
    return principal.unlimited if project_id is None else principal.sees(project_id)


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
    """Whether the client holds the answer with this entity tag."""
    held = request.headers.get("if-none-match")
    return held is not None and holds(held, etag)


def holds(held: str, etag: str) -> bool:
    """Whether an If-None-Match header names this entity tag (weak comparison, as for any GET)."""
    if held in (etag, "*"):
        return True
    return held.strip() == "*" or etag in {tag.strip().removeprefix("W/") for tag in held.split(",")}
