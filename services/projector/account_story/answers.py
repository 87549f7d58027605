"""One event of a story as people and programs see it. Pure."""

from typing import Any

import msgspec

from services.projector.account_story.fold import Kind, Said
from services.projector.account_story.sentences import sentence_of
from services.projector.web.answers import hex_id, text_id, utc

_read = msgspec.json.Decoder(Said).decode
_NOTHING = Said()
_EVENTS = {int(kind): kind.name.lower() for kind in Kind}


def event_answer(entry: Any) -> dict[str, Any]:
    """One event; `by` is the person who asked for it, where one did."""
    said = _read(entry["data"]) if entry["data"] else _NOTHING
    data = msgspec.to_builtins(said)
    by = data.pop("by", None)
    return {
        "time": utc(entry["time"]),
        "event": _EVENTS.get(entry["kind"], "unknown"),
        "sentence": sentence_of(entry["kind"], said, entry["row"]),
        "by": text_id(by),
        "data": data,
        "import": hex_id(entry["import_id"]),
        "row": entry["row"],
    }
