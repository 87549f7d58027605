"""What the first bytes look like. Names and MIME types never matter."""

import re
from typing import Final, Literal

from services.importer.reading.faults import FileFault

_IMAGE = ("FILE_IS_IMAGE", "This is an image, not a list of people.")
_ARCHIVE = ("FILE_IS_ARCHIVE", "This is a compressed archive. Unpack it and upload the file inside.")
_PDF = ("FILE_IS_PDF", "This is a PDF document, not a list of people.")
_PAGE = (
    "FILE_IS_WEB_PAGE",
    "This is a web page, perhaps a sign-in page that was saved instead of the file. Download it again.",
)
_SIGNATURES: Final = (
    (b"\x1f\x8b", _ARCHIVE),
    *((b"BZh%d1AY" % level, _ARCHIVE) for level in range(1, 10)),
    (b"\xfd7zXZ\0", _ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (b"Rar!\x1a\x07", _ARCHIVE),
    (b"\x28\xb5\x2f\xfd", _ARCHIVE),
    (b"PK\x05\x06", _ARCHIVE),
    (b"%PDF", _PDF),
    (b"{\\rtf", ("FILE_IS_DOCUMENT", "This is a text document. Save the list as CSV UTF-8 and upload that.")),
    (b"\x89PNG", _IMAGE),
    (b"\xff\xd8\xff", _IMAGE),
    (b"GIF8", _IMAGE),
    (b"II*\0", _IMAGE),
    (b"MM\0*", _IMAGE),
)
_STARTS: Final = (
    (re.compile(rb"<!doctype|<html|<head|<body|<table|<script", re.IGNORECASE), _PAGE),
    (
        re.compile(rb"<\?xml|<svg", re.IGNORECASE),
        ("FILE_IS_XML", "This is an XML file. Save the list as CSV UTF-8."),
    ),
    (re.compile(rb'\{\s*"|\[\s*[{"]'), ("FILE_IS_JSON", "This is a JSON file. Save the list as CSV UTF-8.")),
    (
        re.compile(rb"begin:vcard", re.IGNORECASE),
        ("FILE_IS_VCARD", "This is a file of contacts. Export them as CSV."),
    ),
    (re.compile(rb"%PDF"), _PDF),
)


def look(head: bytes) -> Literal["zip", "ole", "text"]:
    """What may be read: a zip that may be a workbook, an old office document, or text.

    Raises:
        FileFault: something else that is known.
    """
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole"
    for signature, (code, sentence) in _SIGNATURES:
        if head.startswith(signature):
            raise FileFault(code, sentence)
    if head[257:262] == b"ustar":
        raise FileFault(*_ARCHIVE)
    if (head[:4] == b"RIFF" and head[8:12] == b"WEBP") or (head[:3] == b"\0\0\0" and head[4:8] == b"ftyp"):
        raise FileFault(*_IMAGE)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for pattern, (code, sentence) in _STARTS:
        if pattern.match(start):
            raise FileFault(code, sentence)
    return "text"
