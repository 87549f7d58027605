"""The AsyncAPI message of dead letters: any value, and headers of ours."""

from typing import Any, Final

from schemas import dead_letters, topics
from schemas.requests import ImportRequested

DEAD_LETTER: Final = "DeadLetter"
_TEXT = {"type": "string", "minLength": 1}
_NUMBER = {"type": "string", "pattern": "^-?[0-9]+$"}


def dead_letter() -> dict[str, Any]:
    """The message."""
    ours = {
        dead_letters.TOPIC: {**_TEXT, "description": "where the request lay"},
        dead_letters.PARTITION: _NUMBER,
        dead_letters.OFFSET: _NUMBER,
        dead_letters.TIMESTAMP: {**_NUMBER, "description": "milliseconds since 1970"},
        dead_letters.CODE: {**_TEXT, "description": "why it could not be taken: a stable code"},
        dead_letters.MESSAGE: {**_TEXT, "description": "the same as a sentence"},
    }
    spring = {
        dead_letters.SPRING_TOPIC: {**_TEXT, "description": "the same under Spring's name"},
        dead_letters.SPRING_PARTITION: {"description": "4 bytes, big-endian"},
        dead_letters.SPRING_OFFSET: {"description": "8 bytes, big-endian"},
        dead_letters.SPRING_TIMESTAMP: {"description": "8 bytes, big-endian"},
        dead_letters.SPRING_MESSAGE: _TEXT,
    }
    left_out = {dead_letters.LEFT_OUT: {"type": "string", "const": "left-out"}}
    return {
        "name": "dead-letter",
        "title": DEAD_LETTER,
        "summary": "A request that could not be taken: key, value and headers as they came, where it lay, and why.",
        "contentType": "application/octet-stream",
        "headers": {
            "type": "object",
            "description": (
                "The request's own headers (ce_id names the event), and these; values are UTF-8 text, but for "
                "Spring's numbers."
            ),
            "properties": {**ours, **spring, **left_out},
            "required": list(ours),
        },
        "payload": {"description": "The value as it came: whoever asked knows what it was meant to be."},
        "examples": [
            {
                "name": "a source that may not write to this project",
                "headers": {
                    "ce_specversion": "1.0",
                    "ce_type": ImportRequested.TYPE,
                    "ce_id": "2026-09-01/algebra/1",
                    "ce_source": "student-records",
                    dead_letters.TOPIC: topics.REQUESTS,
                    dead_letters.PARTITION: "3",
                    dead_letters.OFFSET: "1207",
                    dead_letters.TIMESTAMP: "1788258602123",
                    dead_letters.CODE: "SOURCE_NOT_ALLOWED",
                    dead_letters.MESSAGE: "This source may not ask for accounts in this project.",
                },
                "payload": {"project": "…"},
            }
        ],
    }
