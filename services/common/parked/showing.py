"""Bytes of strangers, shown safely: as text where all of it can be printed, else as base64, never without end. Pure."""

import base64
import codecs
from collections.abc import Sequence
from typing import Any, Final

MOST_VALUE_BYTES: Final = 65_536
MOST_HEADER_BYTES: Final = 1_024
MOST_HEADERS: Final = 100
_ENVELOPE: Final = {"ce_type": "type", "ce_id": "event_id", "ce_source": "source"}
_MOST_CHARACTERS: Final = 300
_BREAKS = str.maketrans("", "", "\n\r\t")


def shown(data: bytes | None, *, most: int, size: int | None = None) -> dict[str, Any] | None:
    """Bytes as JSON takes them: `text` or `base64`, how many there are, and whether this is only their beginning.

    `size` is how many there are, where `data` is only their beginning already.
    """
    if data is None:
        return None
    size = len(data) if size is None else size
    part = data[:most]
    cut = size > len(part)
    text = _text(part, cut=cut)
    content = {"base64": base64.b64encode(part).decode()} if text is None else {"text": text}
    return {"bytes": size, "cut": cut, **content}


def shown_headers(headers: Sequence[tuple[str, bytes | None]]) -> list[dict[str, Any]]:
    """Headers in their order, each with its name and value; at most a hundred of them."""
    return [
        {"name": name[:_MOST_CHARACTERS], "value": shown(value, most=MOST_HEADER_BYTES)}
        for name, value in headers[:MOST_HEADERS]
    ]


def envelope(headers: Sequence[tuple[str, bytes | None]]) -> dict[str, str | None]:
    """Type, id and source of the event, as far as the headers say so in plain words."""
    said: dict[str, str | None] = dict.fromkeys(_ENVELOPE.values())
    for name, value in headers:
        if name in _ENVELOPE and value is not None and len(value) <= _MOST_CHARACTERS:
            said[_ENVELOPE[name]] = _text(value, cut=False)
    return said


def _text(data: bytes, *, cut: bool) -> str | None:
    """The text, if it is one that can be printed; a character that was cut in two at the end is left out."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(data, final=not cut)
    except UnicodeDecodeError:
        return None
    return text if text.translate(_BREAKS).isprintable() else None
