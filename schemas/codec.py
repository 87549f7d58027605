"""The one door between facts and Kafka records: CloudEvents 1.0, Kafka binding, binary mode (D2).

All encoding and decoding goes through here, so that sealing personal fields or raising an old version to the
newest is a change in this module and not in the services.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar
from uuid import UUID

import msgspec

from schemas.facts import FACTS_BY_TYPE, Fact
from schemas.projects import CourseProject
from schemas.upcasting import Decoder, decoders

CONTENT_TYPE = b"application/json"
MAX_VALUE_BYTES = 1_048_576

_Model = TypeVar("_Model")

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # the escape itself, not an escaped backslash before "u0000"

_ENCODER = msgspec.json.Encoder()
FACTS = decoders()
"""What reads each type of fact, by its name."""
_PROJECTS = {CourseProject.TYPE.encode(): msgspec.json.Decoder(CourseProject)}


class Encoded(NamedTuple):
    """A record ready for Kafka."""

    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]


class Event(NamedTuple):
    """A fact with the part of its envelope that readers use."""

    id: UUID
    time: datetime
    source: str
    fact: Fact


class Unreadable(Exception):
    """A record nobody can take as an event. `code` is stable; the sentence quotes nothing of the record."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def data_schema(type_name: str) -> str:
    """The URN of the JSON Schema of an event type."""
    name, version = type_name.rsplit(".", 2)[1:]
    return f"urn:course-accounts:schema:{name}:{version}"


_STATIC_HEADERS: dict[str, tuple[tuple[str, bytes], ...]] = {
    type_name: (
        ("ce_type", type_name.encode()),
        ("ce_specversion", b"1.0"),
        ("ce_dataschema", data_schema(type_name).encode()),
        ("content-type", CONTENT_TYPE),
    )
    for type_name in (*FACTS_BY_TYPE, CourseProject.TYPE)
}


def encode(fact: Fact, *, source: str, time: datetime, causation_id: UUID | None = None) -> Encoded:
    """Encode one fact; its id, key and correlation follow from the fact itself.

    Args:
        fact: the fact.
        source: CloudEvents source, for example `course-accounts/importer`.
        time: when it happened, aware.
        causation_id: id of the event that led to it.
    """
    subject = str(fact.subject).encode()
    headers = [
        *_STATIC_HEADERS[fact.TYPE],
        ("ce_id", str(fact.event_id).encode()),
        ("ce_source", source.encode()),
        ("ce_time", time_text(time)),
        ("ce_subject", subject),
    ]
    if (correlation := fact.correlation_id) is not None:
        headers.append(("ce_correlationid", str(correlation).encode()))
    if causation_id is not None:
        headers.append(("ce_causationid", str(causation_id).encode()))
    return Encoded(subject, _ENCODER.encode(fact), headers)


def encode_project(project: CourseProject, *, source: str, time: datetime) -> Encoded:
    """Encode a record of the compacted projects topic."""
    subject = str(project.project_id).encode()
    headers = [
        *_STATIC_HEADERS[CourseProject.TYPE],
        ("ce_id", str(project.record_id).encode()),
        ("ce_source", source.encode()),
        ("ce_time", time_text(time)),
        ("ce_subject", subject),
    ]
    return Encoded(subject, _ENCODER.encode(project), headers)


def event_type(headers: Iterable[tuple[str, bytes | None]]) -> str | None:
    """The CloudEvents type of a record, without decoding anything else."""
    for name, value in headers:
        if name == "ce_type":
            return value.decode("ascii", "replace") if value is not None else None
    return None


def decode(headers: Iterable[tuple[str, bytes | None]], value: bytes | None) -> Event:
    """Decode one record of the log.

    Raises:
        Unreadable: with a stable code: NO_VALUE, TOO_LARGE, NO_TYPE, UNKNOWN_TYPE, BAD_ENVELOPE or BAD_FACT.
    """
    envelope = dict(headers)
    fact = decode_as(FACTS, envelope, value)
    try:
        event_id = msgspec.convert(_text(envelope, "ce_id"), UUID)  # a third of the time of UUID()
        time = datetime.fromisoformat(_text(envelope, "ce_time"))
        source = _text(envelope, "ce_source")
    except ValueError:
        raise Unreadable("BAD_ENVELOPE", "A CloudEvents header is missing or malformed.") from None
    if "\x00" in source:
        raise Unreadable("BAD_ENVELOPE", "The source of the event holds a NUL character.")
    if time.tzinfo is None:
        raise Unreadable("BAD_ENVELOPE", "The time of the event has no zone.")
    return Event(event_id, time, source, fact)


def decode_project(headers: Iterable[tuple[str, bytes | None]], value: bytes | None) -> CourseProject:
    """Decode one record of the projects topic.

    Raises:
        Unreadable: as `decode`.
    """
    return decode_as(_PROJECTS, dict(headers), value)


def decode_as(
    decoders: Mapping[bytes, Decoder[_Model]],
    envelope: Mapping[str, bytes | None],
    value: bytes | None,
) -> _Model:
    """Decode a value by the type its envelope names.

    Raises:
        Unreadable: as `decode`, but for the rest of the envelope.
    """
    if value is None:
        raise Unreadable("NO_VALUE", "The record has no value.")
    if len(value) > MAX_VALUE_BYTES:
        raise Unreadable("TOO_LARGE", f"The record is larger than {MAX_VALUE_BYTES} bytes.")
    type_name = envelope.get("ce_type")
    if type_name is None:
        raise Unreadable("NO_TYPE", "The record has no CloudEvents type.")
    decoder = decoders.get(type_name)
    if decoder is None:
        raise Unreadable("UNKNOWN_TYPE", "No reader knows this type of event.")
    if holds_nul(value):
        raise Unreadable("BAD_FACT", "The value holds a NUL character, which no table can store.")
    try:
        return decoder.decode(value)
    except msgspec.DecodeError as error:
        raise Unreadable(
            "BAD_FACT", f"The value does not fit its schema: {_without_content(error)}."
        ) from None
    except UnicodeDecodeError:
        raise Unreadable("BAD_FACT", "The value is not UTF-8.") from None
    except RecursionError:
        raise Unreadable("BAD_FACT", "The value is nested too deeply.") from None


def holds_nul(value: bytes) -> bool:
    """Whether a text in this JSON holds a NUL character."""
    return b"\\" in value and _NUL.search(value) is not None


def _without_content(error: msgspec.DecodeError) -> str:
    """What msgspec says: a place and what is expected there. An unexpected enum value it would quote."""
    message = str(error)
    if not message.startswith(("Invalid enum value ", "Invalid value ")):
        return message
    _, at, place = message.rpartition(" - at ")
    return f"Invalid value{at}{place}"


def time_text(time: datetime) -> bytes:
    """A moment as CloudEvents writes it, in UTC."""
    return _ENCODER.encode(time if time.tzinfo is UTC else time.astimezone(UTC))[1:-1]


def _text(envelope: Mapping[str, bytes | None], name: str) -> str:
    value = envelope.get(name)
    if value is None:
        raise ValueError(name)
    return value.decode("utf-8")
