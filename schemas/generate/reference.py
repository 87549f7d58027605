"""The references for people: docs/reference/events.md and codes.md."""

from collections.abc import Iterable, Mapping

from schemas.codes import (
    CLOSING_CODES,
    COMMAND_CODES,
    FAILURE_CODES,
    NOTE_CODES,
    PARKED_CODES,
    REPLAY_CODES,
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
not know. The codes in facts are explained in [codes](codes.md).
"""

_CODES_HEAD = """\
# Codes

Written by `python -m schemas.generate` from the catalogues in `schemas/codes/`; do not edit.

Facts, answers of the API, and failures files say with a code what is the matter. Codes never change; sentences may
be improved at any time. "Retry may help" is `can_retry` in the API.
"""

_CATALOGUES = {
    "Why a row cannot be taken": ROW_CODES,
    "Notes on a row": NOTE_CODES,
    "Suggestions": SUGGESTION_CODES,
    "Why an account was not made": FAILURE_CODES,
    "Why a row waits": WAITING_CODES,
    "Why an account is not closed": CLOSING_CODES,
    "Why a command is refused": COMMAND_CODES,
    "Why a record is parked": PARKED_CODES,
    "Why a replay is refused or has failed": REPLAY_CODES,
}


def codes() -> str:
    """The page of all codes as Markdown."""
    parts = [_CODES_HEAD]
    for title, catalogue in _CATALOGUES.items():
        parts += [f"## {title}\n", *_codes(catalogue)]
    return "\n".join(parts)


def reference() -> str:
    """The page of all events as Markdown."""
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
        ]
    )


def _codes(codes: Mapping[str, Code]) -> list[str]:
    rows = [(f"`{c.code}`", c.message, c.hint, "yes" if c.can_retry else "") for c in codes.values()]
    return _table(("code", "says", "what to do", "retry may help"), rows)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [head, tuple("---" for _ in head), *rows]
    return [*("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines), ""]
