"""What the process that reads a file is told, and what it answers: values in frames of msgpack."""

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, Protocol
from uuid import UUID

import msgspec

from services.importer.domain.policy import AddressPolicy
from services.importer.limits import Limits
from services.importer.reading import Choices, Layout, Note

LENGTH_BYTES: Final = 4
MAX_FRAME: Final = 64 * 1024 * 1024
Kind = Literal["file", "text", "accounts"]
"""What the bytes are: any file, text from a box, or a JSON array of accounts."""


class Remembered(msgspec.Struct, frozen=True):
    """The last explicit choice in this project, and the headings of the file it was made for."""

    choices: Choices
    headings: tuple[str, ...]


class Task(msgspec.Struct, frozen=True, tag=True):
    """Read the file that comes with this, and judge its rows."""

    draft_id: UUID
    project_id: UUID
    kind: Kind
    limits: Limits
    policy: AddressPolicy
    choices: Choices = Choices()
    remembered: Remembered | None = None


class Opened(msgspec.Struct, frozen=True, tag=True):
    """The file can be read so far; rows follow."""

    layout: Layout


class Rows(msgspec.Struct, frozen=True, tag=True):
    """The next rows.

    Attributes:
        rows: how many.
        verdicts: how many of each verdict.
        reached: bytes of the file that were taken in so far.
        copy: the rows as PostgreSQL's COPY reads them (`drafts/copying.py`).
        new: account ids of the rows that look new, 16 bytes each.
        places: where in `copy` the verdict of each of them stands, as 4-byte little-endian numbers.
    """

    rows: int
    verdicts: Mapping[str, int]
    reached: int
    copy: bytes
    new: bytes
    places: bytes


class Finished(msgspec.Struct, frozen=True, tag=True):
    """That was the whole file."""

    blank: int
    notes: tuple[Note, ...]


class Faulty(msgspec.Struct, frozen=True, tag=True):
    """The file cannot be read. `fixable` and `layout`: see `services.importer.reading.FileFault`."""

    code: str
    detail: str
    line: int | None
    fixable: Mapping[str, int | str]
    layout: Layout | None


class Broken(msgspec.Struct, frozen=True, tag=True):
    """A mistake of ours, or no memory: what happened and where, without anything from the file."""

    error: str
    where: tuple[str, ...]


Answer = Opened | Rows | Finished | Faulty | Broken

_ENCODER: Final = msgspec.msgpack.Encoder()
_TASK: Final = msgspec.msgpack.Decoder(Task)
_ANSWER: Final = msgspec.msgpack.Decoder(Answer)


class BadFrame(Exception):
    """The other side does not speak as agreed."""


class Readable(Protocol):
    """A stream read to exactly so many bytes."""

    async def readexactly(self, n: int, /) -> bytes: ...  # noqa: D102 - as asyncio.StreamReader


def framed(value: Task | Answer) -> bytes:
    """A value with its length before it."""
    encoded = _ENCODER.encode(value)
    return len(encoded).to_bytes(LENGTH_BYTES, "big") + encoded


def read_task(read: Callable[[int], bytes]) -> Task | None:
    """The next task, from what reads exactly so many bytes; None at the end.

    Raises:
        BadFrame: this is no task.
    """
    head = read(LENGTH_BYTES)
    if len(head) < LENGTH_BYTES:
        return None
    return _decoded(_TASK, read(int.from_bytes(head, "big")))  # type: ignore[no-any-return]


async def read_answer(stream: Readable) -> Answer:
    """The next answer.

    Raises:
        BadFrame: this is no answer.
        asyncio.IncompleteReadError: the other side is gone.
    """
    size = int.from_bytes(await stream.readexactly(LENGTH_BYTES), "big")
    if size > MAX_FRAME:
        raise BadFrame("a frame that is too long")
    return _decoded(_ANSWER, await stream.readexactly(size))  # type: ignore[no-any-return]


def _decoded(decoder: Any, frame: bytes) -> Any:
    try:
        return decoder.decode(frame)
    except msgspec.MsgspecError as error:
        raise BadFrame("a frame that cannot be read") from error
