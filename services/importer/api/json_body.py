"""JSON bodies whose mistakes are told by field, as clients of Waldur expect."""

import asyncio
import re
from typing import Final, TypeVar

import msgspec
from fastapi import Request

from services.common.http import Problem

_T = TypeVar("_T")
_MISSING: Final = re.compile(
    r"Object missing required field `(?P<field>[^`]*)`(?: - at `\$\.?(?P<path>.*)`)?"
)
_WRONG: Final = re.compile(r"(?P<what>.*) - at `\$\.?(?P<path>.+)`", re.DOTALL)


async def read_json(request: Request, decoder: "msgspec.json.Decoder[_T]", *, most_bytes: int) -> _T:
    """The decoded body, bounded while it arrives; fields that nobody knows are passed over.

    Raises:
        Problem: 415 not said to be JSON, 413 too large, 400 not JSON, or not of this form: by field.
    """
    kind = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Problem(415, "MEDIA_TYPE", "Send JSON, with Content-Type: application/json.")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most_bytes:
            raise Problem(
                413,
                "BODY_TOO_LARGE",
                f"What was sent is larger than {most_bytes:,} bytes. Send it in several requests.",
                max_bytes=most_bytes,
                headers={"Connection": "close"},
            )
    try:
        return await asyncio.to_thread(decoder.decode, bytes(body))
    except msgspec.ValidationError as error:
        field, sentence = mistake(str(error))
        raise Problem(
            400, "INVALID_REQUEST", "The request is not as documented.", errors={field: [sentence]}
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        sentence = "The body is no JSON that can be read: one object in UTF-8 is expected."
        raise Problem(400, "INVALID_REQUEST", sentence, errors={"body": [sentence]}) from None


def mistake(said: str) -> tuple[str, str]:
    """Which field a decoder complains of, and what it says; values are never in it. Pure."""
    if (missing := _MISSING.fullmatch(said)) is not None:
        path = missing["path"]
        return (f"{path}.{missing['field']}" if path else missing["field"]), "This field is required."
    if (wrong := _WRONG.fullmatch(said)) is not None:
        return wrong["path"], f"{wrong['what']}."
    return "body", f"{said}."
