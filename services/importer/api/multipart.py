"""A multipart form with one file, parsed while it arrives."""

from collections.abc import Callable
from typing import Any, Final

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

_CONTENT: Final = ("file", "text")
_MAX_FIELDS: Final = 20
_MAX_FIELD: Final = 8 * 1024
_MAX_HEADERS: Final = 16 * 1024


class BadForm(Exception):
    """The form is not as documented; the text is for people."""


def boundary_of(content_type: str) -> bytes:
    """The boundary named by a Content-Type.

    Raises:
        BadForm: there is none.
    """
    _, options = parse_options_header(content_type)
    boundary = options.get(b"boundary")
    if not boundary:
        raise BadForm("The form has no boundary. Let your HTTP client write the Content-Type header.")
    return boundary


class Form:
    """Takes bytes of a form; the part `file` or `text` goes to `on_file`, the others become `fields`."""

    def __init__(self, boundary: bytes, on_file: Callable[[bytes], None]) -> None:
        self.fields: dict[str, str] = {}
        self.file_name: str | None = None
        self._on_file = on_file
        self.content: str | None = None
        self._complete = False
        self._headers: dict[bytes, bytes] = {}
        self._header = (bytearray(), bytearray())
        self._header_bytes = 0
        self._name: str | None = None
        self._value = bytearray()
        callbacks: Any = {
            "on_part_begin": self._part_begins,
            "on_header_field": lambda data, start, end: self._header_part(0, data[start:end]),
            "on_header_value": lambda data, start, end: self._header_part(1, data[start:end]),
            "on_header_end": self._header_ends,
            "on_headers_finished": self._headers_end,
            "on_part_data": lambda data, start, end: self._data(data[start:end]),
            "on_part_end": self._part_ends,
            "on_end": self._ends,
        }
        self._parser = MultipartParser(boundary, callbacks)

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes.

        Raises:
            BadForm: malformed, or larger than a form should be. What `on_file` raises passes through.
        """
        try:
            self._parser.write(chunk)
        except FormParserError:
            raise BadForm("The form is malformed.") from None

    def finish(self) -> None:
        """All bytes were fed.

        Raises:
            BadForm: the form ends in the middle, or has no file.
        """
        if not self._complete:
            raise BadForm("The form ends in the middle. Upload the file again.")
        if self.content is None:
            raise BadForm("The form has no part called `file`, and none called `text`.")

    def _part_begins(self) -> None:
        self._headers = {}
        self._header_bytes = 0
        self._value = bytearray()

    def _header_part(self, which: int, data: bytes) -> None:
        self._header_bytes += len(data)
        if self._header_bytes > _MAX_HEADERS:
            raise BadForm("A part of the form has too long headers.")
        self._header[which].extend(data)

    def _header_ends(self) -> None:
        name, value = self._header
        self._headers[bytes(name).lower()] = bytes(value)
        self._header = (bytearray(), bytearray())

    def _headers_end(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        if self._name in _CONTENT:
            if self.content is not None:
                raise BadForm("The form has two files. Upload one at a time.")
            self.content = self._name
            name = options.get(b"filename")
            self.file_name = name.decode("utf-8", "replace") if name is not None else None
        elif len(self.fields) >= _MAX_FIELDS:
            raise BadForm("The form has too many fields.")

    def _data(self, data: bytes) -> None:
        if self._name in _CONTENT:
            self._on_file(data)
            return
        self._value += data
        if len(self._value) > _MAX_FIELD:
            raise BadForm(f"The field `{(self._name or '')[:40]}` is too long.")

    def _part_ends(self) -> None:
        if self._name and self._name not in _CONTENT:
            self.fields[self._name] = self._value.decode("utf-8", "replace")

    def _ends(self) -> None:
        self._complete = True
