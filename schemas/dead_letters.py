"""Dead letters: requests that could not be taken, as they came, with headers that say where they lay and why.

Each fact is there twice: as text under `x-original-` and `x-error-`, so that every browser of topics shows it, and
under Spring's names, with its numbers as Spring writes them, so that tools that send dead letters back to their topic
find the way (ADR 0025).
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

SPRING = "kafka_dlt-"
SPRING_TOPIC, SPRING_PARTITION, SPRING_OFFSET, SPRING_TIMESTAMP = (
    f"{SPRING}original-{name}" for name in ("topic", "partition", "offset", "timestamp")
)
"""Text, a big-endian number of 4 bytes, and two of 8."""
SPRING_MESSAGE = f"{SPRING}exception-message"
"""The same as `MESSAGE`."""

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
        if text is not None and not name.startswith((ORIGIN, ERROR, SPRING)):
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
    spring = [
        (SPRING_TOPIC, topic.encode()),
        (SPRING_PARTITION, partition.to_bytes(4, "big", signed=True)),
        (SPRING_OFFSET, offset.to_bytes(8, "big", signed=True)),
        (SPRING_TIMESTAMP, timestamp_ms.to_bytes(8, "big", signed=True)),
        (SPRING_MESSAGE, message.encode()),
    ]
    return [*kept, *((name, text.encode()) for name, text in ours), *spring]
