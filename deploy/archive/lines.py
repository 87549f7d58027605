r"""One record as one line of JSON, and back, byte for byte. Pure.

    {"offset":5,"timestamp":1764547200000,"key":"k","headers":[["ce_type","…"],["x",null]],"value":"{\"a\":1}"}

Keys, header values and values follow one rule: text where the bytes are UTF-8, `{"base64":"…"}` where they are not,
`null` where there is nothing (so a value of null is a tombstone, and the four bytes n-u-l-l are text). What the log
holds as JSON is therefore a JSON text within a string: `jq '.value | fromjson'` opens it. Headers keep their order and
their repetitions. `"timestamp_type":"log_append"` stands behind the offset where the broker made the timestamp.

Everything from `"timestamp":` on is the *body*: what a record says, wherever it lies. Digests are made of bodies.
"""

import re
from base64 import b64encode
from typing import Final, Literal, NamedTuple

import msgspec
import orjson

CREATE_TIME, LOG_APPEND_TIME = 0, 1

_HEAD: Final = re.compile(rb'\{"offset":(?:0|[1-9][0-9]{0,18}),(?:"timestamp_type":"log_append",)?')


class Entry(NamedTuple):
    """One record. `timestamp` in milliseconds since 1970, -1 if there is none; the type as Kafka numbers it."""

    offset: int
    timestamp: int
    timestamp_type: int
    key: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    value: bytes | None


class LineBroken(ValueError):
    """A line that no record can be made of; says why, without its content."""


class _Bytes(msgspec.Struct, forbid_unknown_fields=True):
    base64: bytes


_Said = str | _Bytes | None


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    offset: int
    timestamp: int
    key: _Said
    headers: list[tuple[str, _Said]]
    value: _Said
    timestamp_type: Literal["log_append"] | None = None


_DECODER: Final = msgspec.json.Decoder(_Line)


def encode(entry: Entry) -> tuple[bytes, bytes]:
    """The line of a record in two pieces, without a line break: where it lies, and its body."""
    kind = '"timestamp_type":"log_append",' if entry.timestamp_type == LOG_APPEND_TIME else ""
    body = orjson.dumps(
        {
            "timestamp": entry.timestamp,
            "key": _said(entry.key),
            "headers": [(name, _said(value)) for name, value in entry.headers],
            "value": _said(entry.value),
        }
    )
    return f'{{"offset":{entry.offset},{kind}'.encode(), body[1:]


def decode(line: bytes) -> Entry:
    """The record of a line.

    Raises:
        LineBroken: it is not one of ours.
    """
    try:
        found = _DECODER.decode(line)
        return Entry(
            found.offset,
            found.timestamp,
            LOG_APPEND_TIME if found.timestamp_type else CREATE_TIME,
            _meant(found.key),
            tuple((name, _meant(value)) for name, value in found.headers),
            _meant(found.value),
        )
    except msgspec.ValidationError:
        raise LineBroken("it is JSON, but not that of a record") from None
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise LineBroken("it is not JSON") from None


def body_of(line: bytes) -> bytes:
    """The body of a line.

    Raises:
        LineBroken: it does not begin as ours do.
    """
    head = _HEAD.match(line)
    if head is None:
        raise LineBroken("it does not begin with an offset")
    return line[head.end() :]


def _said(given: bytes | None) -> str | dict[str, str] | None:
    if given is None:
        return None
    try:
        return given.decode()
    except UnicodeDecodeError:
        return {"base64": b64encode(given).decode("ascii")}


def _meant(said: _Said) -> bytes | None:
    if said is None:
        return None
    return said.encode() if isinstance(said, str) else said.base64
