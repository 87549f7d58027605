"""Receiving an upload: form, raw body or JSON, streamed into a spool, bounded while it arrives."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec
from fastapi import Request

from services.common.http import Problem
from services.importer.api.body import Body, BrokenOff
from services.importer.api.multipart import BadForm, Form, boundary_of
from services.importer.drafts.model import Source
from services.importer.drafts.reader import Account
from services.importer.drafts.spool import Spool, TooLarge

MAX_JSON: Final = 2 * 1024 * 1024
"""Bytes of a JSON body: it is read whole. Longer lists are uploaded as files."""
FORM_OVERHEAD: Final = 64 * 1024
"""Bytes of a form beside its file."""
_MAX_NAME: Final = 255


class JsonBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A list sent as JSON, or a text somebody pasted."""

    project: str = ""
    accounts: list[Account] | None = None
    text: str | None = None


_JSON: Final = msgspec.json.Decoder(JsonBody)


@dataclass(slots=True)
class Upload:
    """What arrived: the bytes, what they are, the file's name as a hint, and the other fields."""

    spool: Spool
    source: Source = "file"
    name: str | None = None
    fields: dict[str, str] = field(default_factory=dict)


async def receive(request: Request, *, max_bytes: int, directory: Path | None) -> Upload:
    """Read the body of `request` into a spool, which is the caller's to close.

    Raises:
        Problem: 413 too large, 400 malformed or broken off.
    """
    content_type = request.headers.get("content-type", "").lower()
    is_json = content_type.startswith("application/json")
    most = min(max_bytes, MAX_JSON) if is_json else max_bytes
    body = Body(request)
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > most + FORM_OVERHEAD:
        await body.discard(2 * max_bytes)
        raise _too_large(most)
    upload = Upload(Spool(max_bytes, directory))
    try:
        if is_json:
            await _json(body, upload, most)
        elif content_type.startswith("multipart/"):
            await _form(body, upload, request.headers["content-type"], most)
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
            raise _too_large(most) from None
        if isinstance(error, BrokenOff):
            raise Problem(400, "UPLOAD_BROKEN_OFF", "The upload broke off. Upload the file again.") from None
        if isinstance(error, BadForm):
            await body.discard(2 * max_bytes)
            raise Problem(400, "BAD_FORM", str(error)) from None
        raise
    return upload


async def _form(body: Body, upload: Upload, content_type: str, most: int) -> None:
    form = Form(boundary_of(content_type), upload.spool.feed)
    received = 0
    async for chunk in body.chunks():
        received += len(chunk)
        if received > most + FORM_OVERHEAD:
            raise TooLarge
        form.feed(chunk)
        await upload.spool.write(b"")
    form.finish()
    upload.source = "paste" if form.content == "text" else "file"
    upload.name = _plain_name(form.file_name)
    upload.fields = form.fields


async def _json(body: Body, upload: Upload, most: int) -> None:
    parts: list[bytes] = []
    received = 0
    async for chunk in body.chunks():
        received += len(chunk)
        if received > most:
            raise TooLarge
        parts.append(chunk)
    try:
        sent = await asyncio.to_thread(_JSON.decode, b"".join(parts))
    except msgspec.MsgspecError as error:
        sentence = f"The JSON is not as documented: {error}."
        raise Problem(400, "INVALID_REQUEST", sentence, errors={"body": [sentence]}) from None
    except (UnicodeDecodeError, RecursionError):
        sentence = "The body is no JSON that can be read: one object in UTF-8 is expected."
        raise Problem(400, "INVALID_REQUEST", sentence, errors={"body": [sentence]}) from None
    upload.fields = {"project": sent.project}
    if sent.accounts is not None and sent.text is None:
        if not sent.accounts:
            sentence = "The list is empty. Send at least one account."
            raise Problem(400, "INVALID_REQUEST", sentence, errors={"accounts": [sentence]})
        upload.source = "api"
        await upload.spool.write(await asyncio.to_thread(msgspec.json.encode, sent.accounts))
    elif sent.text is not None and sent.accounts is None:
        upload.source = "paste"
        await upload.spool.write(sent.text.encode("utf-8", "replace"))
    else:
        sentence = "Send either `accounts` or `text`."
        raise Problem(400, "INVALID_REQUEST", sentence, errors={"accounts": [sentence]})


def _too_large(most: int) -> Problem:
    return Problem(
        413,
        "FILE_TOO_LARGE",
        f"What was sent is larger than {most:,} bytes. Split it into several files.",
        max_bytes=most,
        headers={"Connection": "close"},
    )


def _plain_name(name: str | None) -> str | None:
    """The last part of a path, without what cannot be shown."""
    if not name:
        return None
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(character for character in last if character.isprintable())[:_MAX_NAME] or None
