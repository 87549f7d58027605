"""Dead letters: requests that could not be taken, as they came, with headers that say where they lay and why.

The names of the headers follow the habit of other tools (Spring and Kafka Connect have their own prefixes for the
same facts); all values are text, so that every browser of topics shows them.
"""

from collections.abc import Sequence

ORIGIN = "x-original-"
TOPIC, PARTITION, OFFSET, TIMESTAMP = (
    f"{ORIGIN}{name}" for name in ("topic", "partition", "offset", "timestamp")
)
"""Where the request lay; the timestamp in milliseconds since 1970."""
ERROR = "x-error-"
CODE, MESSAGE = f"{ERROR}code", f"{ERROR}message"
"""Why it could not be taken: a stable code, and a sentence."""
LEFT_OUT = f"{ORIGIN}value"
"""`left-out` where the value was too long to be sent once more; it can be read where it lay."""

MAX_VALUE_BYTES = 800_000
_MAX_HEADERS_BYTES = 32_768


def dead_letter_headers(
    original: Sequence[tuple[str, bytes | None]],
    *,
    topic: str,
    partition: int,
    offset: int,
    timestamp_ms: int,
    code: str,
    message: str,
    left_out: bool,
) -> list[tuple[str, bytes]]:
    """The request's own headers, as far as they are of sensible size, and ours."""
    kept: list[tuple[str, bytes]] = []
    size = 0
    for name, text in original:
        size += len(name.encode("utf-8", "replace")) + len(text or b"")
        if size > _MAX_HEADERS_BYTES:
            break
        if text is not None and not name.startswith((ORIGIN, ERROR)):
            kept.append((name.encode("utf-8", "replace").decode(), text))
    ours = [
        (TOPIC, topic),
        (PARTITION, str(partition)),
        (OFFSET, str(offset)),
        (TIMESTAMP, str(timestamp_ms)),
        (CODE, code),
        (MESSAGE, message),
    ]
    if left_out:
        ours.append((LEFT_OUT, "left-out"))
    return [*kept, *((name, text.encode()) for name, text in ours)]
