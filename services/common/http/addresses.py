"""What addresses say: ids in either spelling, and the origin as a client sees it."""

from uuid import UUID

from fastapi import Request

from services.common.http.problems import Problem

_UUID_TEXT = (32, 36)


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
    raise Problem(404, "NOT_FOUND", "There is nothing with this id.")


def origin(request: Request) -> str:
    """Scheme and host as the client sees them; the front passes both on."""
    scheme = request.headers.get("x-forwarded-proto", request.url.scheme)
    return f"{scheme if scheme in ('http', 'https') else 'http'}://{request.url.netloc}"
