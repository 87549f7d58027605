"""May this zip be handed to a library? Its directory is bounded; what it inflates to is counted, not believed."""

import re
import struct
import zipfile
import zlib
from typing import BinaryIO, Final

from services.importer.reading import faults
from services.importer.reading.survey import read_fully

MAX_ENTRIES: Final = 2_000
MAX_RATIO: Final = 200
MAX_CELLS: Final = 8_000_000
"""Of one sheet, from its first row and column to its last: that much memory is taken, filled or not."""

_MAX_DIRECTORY: Final = 512 * 1024
_TAIL: Final = 66_000
_PIECE: Final = 1024 * 1024
_SMALL: Final = 4 * 1024 * 1024
_REFERENCE: Final = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_REPEATED: Final = re.compile(rb"""number-columns-repeated\s*=\s*["']([0-9]+)["'][^>]*[^/>]>""")


def names_of(stream: BinaryIO, max_unpacked: int) -> set[str]:
    """The names in the zip, after all of it was found to be of a bearable size.

    Args:
        stream: the file.
        max_unpacked: bytes of all entries together.

    Raises:
        FileFault: damaged, or too large unpacked.
    """
    _check_directory(stream)
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            stream.seek(0, 2)
            packed = stream.tell()
            limit = min(max_unpacked, max(packed * MAX_RATIO, _SMALL))
            total = 0
            for entry in entries:
                if entry.flag_bits & 1:
                    raise faults.workbook("This workbook or archive is protected with a password.")
                total += _unpacked(stream, entry, limit - total)
            return {entry.filename for entry in entries}
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        ValueError,
        OverflowError,
        NotImplementedError,
    ) as e:
        raise _damaged() from e


def _check_directory(stream: BinaryIO) -> None:
    """Before the directory is read: each entry of it costs memory."""
    stream.seek(0, 2)
    stream.seek(max(stream.tell() - _TAIL, 0))
    tail = read_fully(stream, _TAIL)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise _damaged()
    entries, size = struct.unpack("<HI", tail[at + 10 : at + 16])
    if b"PK\x06\x06" in tail or b"PK\x06\x07" in tail or entries > MAX_ENTRIES or size > _MAX_DIRECTORY:
        raise faults.archive_too_large()


def _unpacked(stream: BinaryIO, entry: zipfile.ZipInfo, limit: int) -> int:
    """The true size of an entry; the sizes and checksums in the file may lie."""
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _damaged()
    stream.seek(entry.header_offset)
    header = read_fully(stream, 30)
    name, extra = struct.unpack("<HH", header[26:30])
    stream.seek(entry.header_offset + 30 + name + extra)
    extent = _Extent(entry.filename)
    inflate = zlib.decompressobj(-zlib.MAX_WBITS) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    left, size = entry.compress_size, 0
    while left > 0 and (packed := read_fully(stream, min(left, 64 * 1024))):
        left -= len(packed)
        while packed:
            piece = packed if inflate is None else inflate.decompress(packed, _PIECE)
            packed = b"" if inflate is None else inflate.unconsumed_tail
            size += len(piece)
            extent.add(piece)
            if size > limit:
                raise faults.archive_too_large()
            if not piece:
                break
    return size


class _Extent:
    """How far the cells of a sheet reach; a single far-off cell makes a library fill all that lies between."""

    def __init__(self, name: str) -> None:
        self._sheet = name.endswith(".xml") and "worksheets/" in name
        self._ods = name == "content.xml"
        self._rest = b""
        self._row = self._column = 1

    def add(self, piece: bytes) -> None:
        """Look at some of the sheet."""
        if not (self._sheet or self._ods):
            return
        text = self._rest + piece
        self._rest = text[-300:]
        if self._ods:
            self._look_at_repeated(text)
            return
        for letters, digits in set(_REFERENCE.findall(text)):
            self._row = max(self._row, int(digits))
            column = 0
            for letter in letters.upper():
                column = column * 26 + letter - 64
            self._column = max(self._column, column)
        if self._row * self._column > MAX_CELLS:
            raise faults.archive_too_large()

    def _look_at_repeated(self, text: bytes) -> None:
        """A filled cell that is repeated; empty ones end with `/>` and are left out by the library at the end."""
        if any(int(times[:9]) > 1_000 for times in _REPEATED.findall(text)):
            raise faults.archive_too_large()


def _damaged() -> faults.FileFault:
    return faults.workbook("This is a workbook or another zip archive, and it is damaged.")
