"""Bodies of requests: JSON, bounded before it is read whole, and decoded beside the event loop."""

import asyncio
from typing import Annotated, TypeVar

import msgspec
from fastapi import Request

from services.common.http.problems import Problem

_T = TypeVar("_T")

Reason = Annotated[str, msgspec.Meta(max_length=2000)]


async def read_body(
    request: Request, decoder: "msgspec.json.Decoder[_T]", *, most_bytes: int, too_large: str
) -> _T:
    """The decoded body; none at all is an empty object.

    Raises:
        Problem: 413 `too_large`, 400 if it is not as agreed.
    """
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most_bytes:
            raise Problem(413, "BODY_TOO_LARGE", too_large)
    try:
        return await asyncio.to_thread(decoder.decode, bytes(body).strip() or b"{}")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(400, "BODY_INVALID", f"The body is not as agreed: {error}.") from None


def storable(text: str) -> str:
    """A person's words as Postgres takes them."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "").strip()
