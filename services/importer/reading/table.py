"""A readable file: its layout, and its records one after the other."""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO, TextIO

from services.importer.limits import Limits
from services.importer.reading import faults
from services.importer.reading.bytes import check_encoding
from services.importer.reading.cells import plain
from services.importer.reading.dialect import find_delimiter, parser_options
from services.importer.reading.header import Columns, find_columns
from services.importer.reading.lines import Lines
from services.importer.reading.model import Choices, Layout, Record, Table


def open_table(
    stream: BinaryIO, limits: Limits, choices: Choices = Choices(), *, pasted: bool = False
) -> Table:
    """Look at the whole file's bytes, read its header, and return what can be iterated.

    Blocks while it reads: call it, and the iterator, in a thread. The stream is the table's from here on.

    Raises:
        FileFault: the file cannot be read. The iterator raises it too.
    """
    encoding = check_encoding(stream)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    delimiter = find_delimiter(_first_filled_line(text, limits))
    text.seek(0)
    lines = Lines(text, max_record=limits.max_record)
    parsed = _parse(lines, delimiter)
    line, cells = next(((line, cells) for line, cells in parsed if any(map(str.strip, cells))), (0, []))
    if not cells:
        raise faults.empty()
    columns = find_columns(cells, line)
    places = {"email": columns.email}
    if columns.description is not None:
        places["description"] = columns.description
    layout = Layout(
        encoding.removesuffix("-sig"),
        delimiter,
        line,
        columns.names,
        columns.ignored,
        places=places,
        headings=tuple(cell.strip() for cell in cells),
    )
    table = Table(layout, iter(()))
    table.records = _records(table, parsed, columns, limits)
    return table


def _first_filled_line(text: TextIO, limits: Limits) -> str:
    while line := text.readline(limits.max_record):
        if line.strip():
            return line
    raise faults.empty()


def _parse(lines: Lines, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it starts on."""
    reader = csv.reader(lines, **parser_options(delimiter))  # type: ignore[arg-type]
    pending = lines.pending
    try:
        for cells in reader:
            yield lines.start_of_record, cells
            pending.clear()
    except csv.Error:
        raise faults.quote_misplaced(lines.start_of_record + len(pending) - 1) from None


def _records(
    table: Table, parsed: Iterator[tuple[int, list[str]]], columns: Columns, limits: Limits
) -> Iterator[Record]:
    row = 0
    width, email_at, description_at = columns.width, columns.email, columns.description
    for line, cells in parsed:
        email = plain(cells[email_at]) if email_at < len(cells) else ""
        description = ""
        if description_at is not None and description_at < len(cells):
            description = plain(cells[description_at])
        extra = len(cells) > width and any(map(str.strip, cells[width:]))
        if not email and not description and not any(map(str.strip, cells)):
            table.blank += 1
            continue
        row += 1
        if row > limits.max_rows:
            more = sum(1 for _, rest in parsed if any(map(str.strip, rest)))
            raise faults.too_many_rows(row + more, limits.max_rows)
        yield Record(row, line, email, description, "EXTRA_CELLS" if extra else None)
    if row == 0:
        raise faults.no_rows(table.layout.header_line)
