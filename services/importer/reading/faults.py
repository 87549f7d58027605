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
        "NO_ROWS", "The file has a header and no rows below it. Add one line for each person.", header_line
    )


def no_email_column(found: list[str], line: int) -> FileFault:
    """The header is there, but no column holds addresses."""
    names = ", ".join(found[:20])
    return FileFault(
        "EMAIL_COLUMN_MISSING",
        f"No column is called `email`. Found: {names}. Rename the column that holds the addresses to `email`.",
        line,
    )


def no_header(line: int) -> FileFault:
    """The first line is a person already."""
    return FileFault(
        "HEADER_MISSING",
        "The first line holds an address and no column names. Put a line `email` or `email,description` above it.",
        line,
    )


def column_twice(first: str, second: str, line: int) -> FileFault:
    """Two columns claim to be the same."""
    return FileFault(
        "COLUMN_TWICE",
        f"The columns `{first}` and `{second}` mean the same. Rename one of them, so that it is clear which counts.",
        line,
    )


def quote_not_closed(line: int) -> FileFault:
    """A quoted cell goes on to the end of the file."""
    return FileFault(
        "QUOTE_NOT_CLOSED",
        f'The quote opened on line {line} is not closed. Close it with ", or remove it.',
        line,
    )


def quote_misplaced(line: int) -> FileFault:
    """Text after a closing quote."""
    return FileFault(
        "QUOTE_MISPLACED",
        f'On line {line} a quoted cell is followed by more text. A quote inside a quoted cell is written twice: "".',
        line,
    )


def record_too_long(line: int, limit: int) -> FileFault:
    """One record holds more than any row can."""
    return FileFault(
        "RECORD_TOO_LONG",
        f"The row that starts on line {line} is longer than {limit:,} characters. "
        "This may be no CSV file, or a quote is not closed.",
        line,
    )


def too_many_rows(count: int, limit: int) -> FileFault:
    """More rows than one import takes."""
    return FileFault(
        "TOO_MANY_ROWS", f"The file has {count:,} rows; the limit is {limit:,}. Split it into several files."
    )
