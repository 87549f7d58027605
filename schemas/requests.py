"""Imports that other services ask for on the requests topic, and the door they come through.

Whoever asks is outside: only the attributes that CloudEvents itself requires are demanded of the envelope.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, ClassVar, NamedTuple
from uuid import UUID

import msgspec
from pydantic import Field

from schemas import ids
from schemas.codec import CONTENT_TYPE, Encoded, Unreadable, data_schema, decode_as, time_text
from schemas.facts.base import value

_MOST = 50_000
Short = Annotated[str, Field(min_length=1, max_length=255), msgspec.Meta(min_length=1, max_length=255)]


@value
class AccountWish:
    """One row: whom an account is for. Addresses are judged like those of a file, row by row."""

    email: str
    description: str = ""


@value
class ImportRequested:
    """Another service asks for accounts: an import like one made of a file.

    The same `idempotency_key` of the same source is the same import, however often it is sent.
    """

    TYPE: ClassVar[str] = "org.course-accounts.import-requested.v1"

    project: UUID
    idempotency_key: Short
    accounts: Annotated[
        tuple[AccountWish, ...],
        Field(min_length=1, max_length=_MOST),
        msgspec.Meta(min_length=1, max_length=_MOST),
    ]
    import_id: Annotated[
        UUID | None,
        Field(description="default: the version 5 UUID of the key, in the namespace of the source"),
    ] = None
    submitted_by: Annotated[Short | None, Field(description="on whose behalf; default: the source")] = None

    def id_from(self, source: str) -> UUID:
        """The import, as `source` asks for it."""
        return self.import_id or ids.requested_import_id(source, self.idempotency_key)


class Request(NamedTuple):
    """A request with the part of its envelope that is used."""

    event_id: str
    source: str
    wish: ImportRequested


_DECODERS = {ImportRequested.TYPE.encode(): msgspec.json.Decoder(ImportRequested)}


def decode_request(headers: Iterable[tuple[str, bytes | None]], value: bytes | None) -> Request:
    """Decode one record of the requests topic.

    Raises:
        Unreadable: as `schemas.codec.decode`.
    """
    envelope = dict(headers)
    wish = decode_as(_DECODERS, envelope, value)
    return Request(_attribute(envelope, "ce_id"), _attribute(envelope, "ce_source"), wish)


def encode_request(
    wish: ImportRequested, *, event_id: str, source: str, time: datetime, key: bytes | None = None
) -> Encoded:
    """A request as we would send it. The key decides nothing but the partition; default: the project."""
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_type", wish.TYPE.encode()),
        ("ce_dataschema", data_schema(wish.TYPE).encode()),
        ("ce_id", event_id.encode()),
        ("ce_source", source.encode()),
        ("ce_time", time_text(time)),
        ("content-type", CONTENT_TYPE),
    ]
    return Encoded(key or str(wish.project).encode(), msgspec.json.encode(wish), headers)


def _attribute(envelope: Mapping[str, bytes | None], name: str) -> str:
    try:
        text = (envelope.get(name) or b"").decode()
    except UnicodeDecodeError:
        text = ""
    if not 1 <= len(text) <= 255 or not text.isprintable():
        raise Unreadable("BAD_ENVELOPE", f"The header {name} is missing, too long, or no plain text.")
    return text
