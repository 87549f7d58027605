"""What makes a whole file unreadable: a stable code, a plain sentence that says what to do, and the line."""

from collections.abc import Mapping
from typing import Any

from services.importer.reading.model import Layout


class FileFault(Exception):
    """The file cannot be read; nothing of it is used.

    Attributes:
        code: stable.
        detail: a sentence for people.
        line: the physical line, where one can be named.
        fixable: fields of `Choices`, with values to begin with, that a person may set to read it after all.
        layout: what is known for the picker, where something is fixable.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        line: int | None = None,
        *,
        fixable: Mapping[str, int | str] | None = None,
        layout: Layout | None = None,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.line = line
        self.fixable: dict[str, int | str] = dict(fixable or {})
        self.layout = layout

    def __reduce__(self) -> tuple[Any, ...]:
        """Faults travel from the process that reads to the one that answers."""
        return _fault, (self.code, self.detail, self.line, self.fixable, self.layout)


def _fault(
    code: str, detail: str, line: int | None, fixable: dict[str, int | str], layout: Layout | None
) -> FileFault:
    return FileFault(code, detail, line, fixable=fixable, layout=layout)


def empty() -> FileFault:
    """There is nothing in it."""
    return FileFault(
        "FILE_EMPTY", "The file is empty. Write a first line `email,description`, then one person a line."
    )


def no_rows(header_line: int) -> FileFault:
    """There is a header, and nothing below it."""
    return FileFault(
        "NO_ROWS",
        "The file has a header and no rows below it. Add one line for each person.",
        header_line or None,
    )


def no_email_column(found: list[str], line: int, **more: Any) -> FileFault:
    """The header is there, but no column holds addresses."""
    names = ", ".join(found[:20])
    return FileFault(
        "EMAIL_COLUMN_MISSING",
        f"No column is called `email`. Found: {names}. Choose the column that holds the addresses, "
        "or rename it to `email`.",
        line,
        **more,
    )


def no_header(line: int, **more: Any) -> FileFault:
    """The first line is a person already."""
    return FileFault(
        "HEADER_MISSING",
        f"Line {line} holds an address, and no line above it names the columns. Say that the file has no header, "
        "or put a line `email` or `email,description` above it.",
        line,
        **more,
    )


def column_twice(first: tuple[int, str], second: tuple[int, str], line: int, **more: Any) -> FileFault:
    """Two columns claim to be the same; each is given with its place, from 0."""
    return FileFault(
        "COLUMN_TWICE",
        f"Column {first[0] + 1} (`{first[1]}`) and column {second[0] + 1} (`{second[1]}`) mean the same. "
        "Choose which counts, or rename one of them.",
        line,
        **more,
    )


def bad_choice(what: str) -> FileFault:
    """A choice that cannot be followed."""
    return FileFault("CHOICE_INVALID", f"{what} Choose again, or leave the choice to us.")


def unreadable(encoding: str, offset: int, line: int, **more: Any) -> FileFault:
    """Bytes that mean nothing in the encoding (a name for people)."""
    return FileFault(
        "ENCODING_UNSUPPORTED",
        f"The file is not {encoding}: byte {offset} on line {line} cannot be read. "
        "Save it as CSV UTF-8 and upload that.",
        line,
        **more,
    )


def binary(offset: int) -> FileFault:
    """No text."""
    return FileFault(
        "FILE_IS_BINARY",
        f"The file is not plain text: byte {offset} is a control character, and so are many others. "
        "Save it as CSV UTF-8 and upload that.",
    )


def quote_not_closed(line: int) -> FileFault:
    """A quoted cell goes on to the end of the file, or into cells that are others'."""
    return FileFault(
        "QUOTE_NOT_CLOSED",
        f'The quote opened on line {line} is not closed. Close it with ", or remove it; '
        'a quote inside a quoted cell is written twice: "".',
        line,
    )


def record_too_long(line: int, limit: int) -> FileFault:
    """A line so long that this is no list of people."""
    return FileFault(
        "RECORD_TOO_LONG",
        f"Line {line} is longer than {limit:,} characters. This seems to be no CSV file. "
        "Save the list as CSV UTF-8 and upload that.",
        line,
    )


def too_many_rows(count: int, limit: int, *, at_least: bool = False) -> FileFault:
    """More rows than one import takes."""
    return FileFault(
        "TOO_MANY_ROWS",
        f"The file has {'more than ' if at_least else ''}{count:,} rows; the limit is {limit:,}. "
        "Split it into several files.",
    )


def workbook(sentence: str) -> FileFault:
    """A workbook that is not read."""
    return FileFault("FILE_IS_WORKBOOK", f"{sentence} Save the sheet as CSV UTF-8 and upload that.")


def archive_too_large() -> FileFault:
    """A zip that would grow beyond all measure."""
    return FileFault(
        "ARCHIVE_TOO_LARGE",
        "This workbook is far larger unpacked than a list of people can be. "
        "Copy the columns into a new workbook, or save the sheet as CSV UTF-8.",
    )
