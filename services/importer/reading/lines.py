"""Physical lines of a text, a bounded block at a time."""

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, Self

from services.importer.reading import faults
from services.importer.reading.decoding import Decoding
from services.importer.reading.survey import chunks

BLOCK: Final = 32 * 1024
LONGEST_LINE: Final = 4 * 1024 * 1024
"""Characters; a row up to this length is one row that is too long, beyond it this is no list of people."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Some whole lines.

    Attributes:
        first: the number of the first, from 1.
        text: all of them, with their ends.
        bare: each without its end; empty if they do not all end the same way.
        odd: the numbers of those in another encoding than the rest.
    """

    first: int
    text: str
    bare: list[str]
    odd: frozenset[int] = frozenset()

    @classmethod
    def of(cls, first: int, text: str, odd: frozenset[int] = frozenset()) -> Self:
        """The lines of a text."""
        return cls(first, text, _bare_lines(text), odd)

    @property
    def after(self) -> int:
        """The number of the line after the last."""
        if self.bare or not self.text:
            return self.first + len(self.bare)
        return self.first + line_ends(self.text) + (self.text[-1] not in "\r\n")


def read_lines(stream: BinaryIO, decoding: Decoding) -> Iterator[Lines]:
    """All lines of the stream. LF, CRLF and CR end one, nothing else does.

    Raises:
        FileFault: a line longer than any list has.
    """
    decoder = codecs.getincrementaldecoder(decoding.codec)()
    mixed = _EachLine(decoding.fallback, odd_is_utf8=decoding.odd_is_utf8) if decoding.fallback else None
    first, rest = 1, b"" if mixed else ""
    for chunk in chunks(stream, BLOCK):
        piece: Any = rest + (chunk if mixed else decoder.decode(chunk))  # type: ignore[operator]
        end = _end_of_lines(piece)
        rest = piece[end:]
        if end:
            block = mixed.decoded(first, piece[:end]) if mixed else Lines.of(first, piece[:end])
            yield block
            first = block.after
        if len(rest) > LONGEST_LINE:
            raise faults.record_too_long(first, LONGEST_LINE)
    if not mixed:
        rest += decoder.decode(b"", True)  # type: ignore[operator]
    if rest:
        yield mixed.decoded(first, rest) if mixed else Lines.of(first, rest)  # type: ignore[arg-type]


def split(text: str) -> list[str]:
    """The lines of a text, ends kept."""
    return list(io.StringIO(text, newline=""))


def _bare_lines(text: str) -> list[str]:
    end = "\n" if "\r" not in text else "\r\n" if "\n" in text else "\r"
    lines = text.split(end)
    if len(end) == 2 and not text.count("\n") == text.count("\r") == len(lines) - 1:
        return []
    if not lines[-1]:
        lines.pop()
    return lines


def line_ends(text: str) -> int:
    """How many lines end in the text."""
    return text.count("\n") + (text.count("\r") - text.count("\r\n") if "\r" in text else 0)


def _end_of_lines(text: str | bytes) -> int:
    """Where the last whole line ends; a CR at the very end may be half of CRLF."""
    if isinstance(text, str):
        searched = len(text) - text.endswith("\r")
        return max(text.rfind("\n", 0, searched), text.rfind("\r", 0, searched)) + 1
    searched = len(text) - text.endswith(b"\r")
    return max(text.rfind(b"\n", 0, searched), text.rfind(b"\r", 0, searched)) + 1


class _EachLine:
    """Decodes a file that is pasted together."""

    def __init__(self, fallback: str, *, odd_is_utf8: bool) -> None:
        self._fallback = fallback
        self._odd_is_utf8 = odd_is_utf8

    def decoded(self, first: int, text: bytes) -> Lines:
        """UTF-8 where it is, else the other encoding."""
        lines: list[str] = []
        odd = set()
        for number, line in enumerate(text.splitlines(keepends=True), first):
            if line.isascii():
                lines.append(line.decode())
                continue
            try:
                lines.append(line.decode("utf-8-sig" if number == 1 else "utf-8"))
                is_utf8 = True
            except UnicodeDecodeError:
                lines.append(line.decode(self._fallback, "replace"))
                is_utf8 = False
            if is_utf8 == self._odd_is_utf8:
                odd.add(number)
        return Lines.of(first, "".join(lines), frozenset(odd))
