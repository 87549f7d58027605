"""Bounded passes over the bytes: can they be decoded, where is the first that cannot, what is there beside ASCII?"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final

CHUNK: Final = 1024 * 1024
_SAMPLE: Final = 64 * 1024
_LINES_TRIED: Final = 500_000
_LONGEST_CELL: Final = 400
_ASCII: Final = bytes(range(128))
_ROLES: Final = bytes(2 if 0xC2 <= byte <= 0xF4 else 1 if 0x80 <= byte <= 0xBF else 0 for byte in range(256))
_TO_CELLS: Final = bytes.maketrans(b',;\t|"\r', b"\n" * 6)


def read_fully(stream: BinaryIO, size: int) -> bytes:
    """`size` bytes, or all that are left; a stream may give fewer at a time."""
    parts = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def chunks(stream: BinaryIO, size: int = CHUNK) -> Iterator[bytes]:
    """The whole stream from its beginning, in pieces of `size`."""
    stream.seek(0)
    while chunk := read_fully(stream, size):
        yield chunk


def undecodable(stream: BinaryIO, codec: str) -> int | None:
    """The offset of the first byte that cannot be decoded; None if all can."""
    decoder = codecs.getincrementaldecoder(codec)()
    offset = 0
    for chunk in chunks(stream):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return offset + max(error.start - pending, 0)
        offset += len(chunk)
    try:
        decoder.decode(b"", True)
    except UnicodeDecodeError as error:
        return offset - len(error.object) + error.start
    return None


def line_at(stream: BinaryIO, offset: int, unit: int = 1) -> int:
    """The physical line, from 1, of the byte at `offset`. `unit`: bytes of a character (2 in UTF-16)."""
    ended, last = 0, b""
    stream.seek(0)
    left = offset
    while left > 0 and (chunk := read_fully(stream, min(left, CHUNK))):
        left -= len(chunk)
        if unit > 1:
            chunk = chunk.replace(b"\0", b"")
        ended += chunk.count(b"\n") + chunk.count(b"\r") - chunk.count(b"\r\n")
        ended -= last == b"\r" and chunk.startswith(b"\n")
        last = chunk[-1:]
    return ended + 1


@dataclass(slots=True)
class Survey:
    """What a file that is no UTF-8 holds.

    Attributes:
        high: the distinct bytes beyond ASCII.
        cells: distinct cells beyond ASCII that are no UTF-8 either; the first of them, bounded.
        utf8_lines: lines that hold characters of UTF-8 beyond ASCII.
        other_lines: lines that are no UTF-8.
        other_high: the distinct bytes beyond ASCII in those lines.
    """

    high: bytes = b""
    other_high: bytes = b""
    utf8_lines: int = 0
    other_lines: int = 0
    cells: dict[bytes, None] = field(default_factory=dict)
    _collected: int = 0

    def add(self, lines: bytes) -> None:
        """Look at a piece of whole lines."""
        if lines.isascii():
            return
        self.high = _union(self.high, lines)
        if self.utf8_lines + self.other_lines > _LINES_TRIED:
            return  # what the file is, is clear by now
        if b"\2\1" not in lines.translate(_ROLES):
            # Nothing here can be UTF-8: no need to look at each line.
            self.other_lines += lines.count(b"\n") + 1
            self.other_high = _union(self.other_high, lines)
            self._collect(lines)
            return
        for line in lines.splitlines():
            if line.isascii():
                continue
            try:
                line.decode()
            except UnicodeDecodeError:
                self.other_lines += 1
                self.other_high = _union(self.other_high, line)
                self._collect(line)
            else:
                self.utf8_lines += 1

    @property
    def mixed(self) -> bool:
        """Pasted together: a code page gives valid UTF-8 by chance only, so a few such lines are no chance."""
        return self.utf8_lines > 0 and self.utf8_lines * 20 >= self.other_lines

    def _collect(self, lines: bytes) -> None:
        if self._collected >= _SAMPLE:
            return
        for whole in dict.fromkeys(lines.translate(_TO_CELLS).split(b"\n")):
            if whole.isascii():
                continue
            cell = whole[:_LONGEST_CELL].strip()
            if cell not in self.cells:
                self.cells[cell] = None
                self._collected += len(cell)
                if self._collected >= _SAMPLE:
                    return


def survey(stream: BinaryIO) -> Survey:
    """Look at a whole file once."""
    found = Survey()
    rest = b""
    for chunk in chunks(stream):
        piece = rest + chunk
        end = max(piece.rfind(b"\n"), piece.rfind(b"\r")) + 1
        if end == 0 and len(piece) < 4 * CHUNK:
            rest = piece
            continue
        found.add(piece[: end or len(piece)])
        rest = piece[end or len(piece) :]
    found.add(rest)
    return found


def _union(known: bytes, text: bytes) -> bytes:
    new = text.translate(None, _ASCII + known)
    return known + bytes(set(new)) if new else known
