"""Receiving an upload: multipart form or raw body, streamed into a spool, bounded while it arrives."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from fastapi import Request

from services.common.http import Problem
from services.importer.api.body import Body, BrokenOff
from services.importer.api.multipart import BadForm, Form, boundary_of
from services.importer.drafts.spool import Spool, TooLarge

_FORM_OVERHEAD: Final = 64 * 1024
_MAX_NAME: Final = 255


@dataclass(slots=True)
class Upload:
    """What arrived: the bytes, the file's name as a hint, and the other fields."""

    spool: Spool
    name: str | None = None
    fields: dict[str, str] = field(default_factory=dict)


async def receive(request: Request, *, max_bytes: int, directory: Path | None) -> Upload:
    """Read the body of `request` into a spool, which is the caller's to close.

    Raises:
        Problem: 413 too large, 415 not a kind of body we take, 400 malformed or broken off.
    """
    content_type = request.headers.get("content-type", "")
    if content_type.startswith("application/json"):
        raise Problem(
            415, "UNSUPPORTED_BODY", "Send the file as multipart/form-data, or its bytes as text/csv."
        )
    body = Body(request)
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > max_bytes + _FORM_OVERHEAD:
        await body.discard(2 * max_bytes)
        raise _too_large(max_bytes)
    upload = Upload(Spool(max_bytes, directory))
    try:
        if content_type.startswith("multipart/"):
            await _form(body, upload, content_type, max_bytes)
        else:
            upload.name = _plain_name(request.query_params.get("name"))
            upload.fields = {key: value for key, value in request.query_params.items() if key != "name"}
            async for chunk in body.chunks():
                await upload.spool.write(chunk)
        await upload.spool.flush()
    except BaseException as error:
        upload.spool.close()
        if isinstance(error, TooLarge):
            await body.discard(2 * max_bytes)
            raise _too_large(max_bytes) from None
        if isinstance(error, BrokenOff):
            raise Problem(400, "UPLOAD_BROKEN_OFF", "The upload broke off. Upload the file again.") from None
        if isinstance(error, BadForm):
            await body.discard(2 * max_bytes)
            raise Problem(400, "BAD_FORM", str(error)) from None
        raise
    return upload


async def _form(body: Body, upload: Upload, content_type: str, max_bytes: int) -> None:
    form = Form(boundary_of(content_type), upload.spool.feed)
    received = 0
    async for chunk in body.chunks():
        received += len(chunk)
        if received > max_bytes + _FORM_OVERHEAD:
            raise TooLarge
        form.feed(chunk)
        await upload.spool.write(b"")
    form.finish()
    upload.name = _plain_name(form.file_name)
    upload.fields = form.fields


def _too_large(max_bytes: int) -> Problem:
    return Problem(
        413,
        "FILE_TOO_LARGE",
        f"The file is larger than {max_bytes:,} bytes. Split it into several files.",
        max_bytes=max_bytes,
        headers={"Connection": "close"},
    )


def _plain_name(name: str | None) -> str | None:
    """The last part of a path, without what cannot be shown."""
    if not name:
        return None
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(character for character in last if character.isprintable())[:_MAX_NAME] or None
