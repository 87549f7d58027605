"""A first look at the bytes: is it text we can decode? One bounded pass, before anything is parsed."""

import codecs
from typing import BinaryIO

from services.importer.reading import faults
from services.importer.reading.faults import FileFault

_CHUNK = 1024 * 1024
_UTF8_BOM = b"\xef\xbb\xbf"
_WORKBOOK = (
    "This is an Excel or LibreOffice workbook, or another zip file. Save it as CSV UTF-8 and upload that."
)
_IMAGE = "This is an image, not a CSV file."

_LOOKS = (
    (b"PK\x03\x04", "FILE_IS_WORKBOOK", _WORKBOOK),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "FILE_IS_WORKBOOK",
        "This is an old Excel workbook. Save it as CSV UTF-8.",
    ),
    (b"\x1f\x8b", "FILE_IS_ARCHIVE", "This is a compressed file. Unpack it and upload the CSV file inside."),
    (b"%PDF", "FILE_IS_PDF", "This is a PDF document, not a CSV file."),
    (b"\x89PNG", "FILE_IS_IMAGE", _IMAGE),
    (b"\xff\xd8\xff", "FILE_IS_IMAGE", _IMAGE),
    (b"GIF8", "FILE_IS_IMAGE", _IMAGE),
)
_UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_WEB_PAGE = (b"<!doctype", b"<html", b"<?xml")


def check_encoding(stream: BinaryIO) -> str:
    """Return the name of the encoding (`utf-8` or `utf-8-sig`) and leave the stream at its beginning.

    Raises:
        FileFault: empty, not a text file, or text in an encoding that is not read.
    """
    stream.seek(0)
    head = stream.read(512)
    _refuse_other_kinds(head)
    encoding = "utf-8-sig" if head.startswith(_UTF8_BOM) else "utf-8"
    if len(head) == (len(_UTF8_BOM) if encoding == "utf-8-sig" else 0):
        raise faults.empty()
    stream.seek(0)
    _decode_all(stream)
    stream.seek(0)
    return encoding


def _refuse_other_kinds(head: bytes) -> None:
    for signature, code, sentence in _LOOKS:
        if head.startswith(signature):
            raise FileFault(code, sentence)
    if head.startswith(_UTF16_BOMS):
        raise FileFault(
            "ENCODING_UNSUPPORTED", "The file is UTF-16 text. Save it as CSV UTF-8 and upload that."
        )
    start = head.removeprefix(_UTF8_BOM).lstrip().lower()
    if start.startswith(_WEB_PAGE):
        raise FileFault(
            "FILE_IS_WEB_PAGE",
            "This is a web page, perhaps a sign-in page that was saved instead of the file. Download it again.",
        )


def _decode_all(stream: BinaryIO) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines = _LineCounter()
    offset = 0
    while True:
        chunk = stream.read(_CHUNK)
        if (nul := chunk.find(b"\0")) >= 0:
            raise FileFault(
                "FILE_IS_BINARY",
                f"The file is not plain text: there is a NUL at byte {offset + nul}. Save it as CSV UTF-8.",
                lines.at(chunk[:nul]),
            )
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            bad = error.start - pending
            raise FileFault(
                "ENCODING_UNSUPPORTED",
                f"The file is not UTF-8: byte {offset + bad} cannot be read. Save it as CSV UTF-8 and upload that.",
                lines.at(chunk[: max(bad, 0)]),
            ) from None
        if not chunk:
            return
        lines.pass_over(chunk)
        offset += len(chunk)


class _LineCounter:
    """Counts physical lines over chunks: LF, CRLF and CR each end one."""

    def __init__(self) -> None:
        self._ended = 0
        self._after_cr = False

    def pass_over(self, chunk: bytes) -> None:
        if self._after_cr and chunk.startswith(b"\n"):
            self._ended -= 1
        self._ended += chunk.count(b"\n") + chunk.count(b"\r") - chunk.count(b"\r\n")
        if chunk:
            self._after_cr = chunk.endswith(b"\r")

    def at(self, before: bytes) -> int:
        """The line, from 1, of what comes after `before` in the chunk at hand."""
        self.pass_over(before)
        return self._ended + 1
