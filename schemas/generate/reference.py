"""The reference of events and codes for people: docs/reference/events.md."""

from collections.abc import Iterable, Mapping

from schemas.codes import (
    CLOSING_CODES,
    FAILURE_CODES,
    NOTE_CODES,
    ROW_CODES,
    SUGGESTION_CODES,
    WAITING_CODES,
    Code,
)
from schemas.generate.contracts import CONTRACTS
from schemas.topics import TOPICS

_HEAD = """\
# Events

Written by `python -m schemas.generate` from the models in `schemas/`; do not edit.

Every record is a CloudEvents 1.0 event in Kafka's binary mode: the envelope in headers, the fact as JSON in the
value. The JSON Schema of each is in `schemas/json/`, examples are in `schemas/examples/`, and the whole as
AsyncAPI in `schemas/asyncapi.json`. Personal fields are always under `personal`. Readers ignore fields they do
not know.
"""


def reference() -> str:
    """The page as Markdown."""
    events = [
        (f"[{c.name}](../../schemas/json/{c.file_name})", f"`{c.type_name}`", c.writer, c.says, c.key)
        for c in CONTRACTS
    ]
    settings = [
        (f"`{t.name}`", str(t.partitions), ", ".join(f"`{k}={v}`" for k, v in t.config.items()))
        for t in TOPICS
    ]
    return "\n".join(
        [
            _HEAD,
            *_table(("event", "type", "by", "says", "key"), events),
            "## Topics\n",
            *_table(("topic", "partitions", "settings"), settings),
            "## Why a row cannot be taken\n",
            *_codes(ROW_CODES),
            "## Notes on a row\n",
            *_codes(NOTE_CODES),
            "## Suggestions\n",
            *_codes(SUGGESTION_CODES),
            "## Why an account was not made\n",
            *_codes(FAILURE_CODES),
            "## Why a row waits\n",
            *_codes(WAITING_CODES),
            "## Why an account is not closed\n",
            *_codes(CLOSING_CODES),
        ]
    )


def _codes(codes: Mapping[str, Code]) -> list[str]:
    rows = [(f"`{c.code}`", c.message, c.hint, "yes" if c.can_retry else "") for c in codes.values()]
    return _table(("code", "says", "what to do", "retry may help"), rows)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [head, tuple("---" for _ in head), *rows]
    return [*("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines), ""]
