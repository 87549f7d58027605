"""Rows of cells to records: blank ones counted, cells trimmed, our own escapes undone. Most rows cost a tuple each."""

from collections.abc import Iterable, Iterator
from itertools import chain, count, repeat
from typing import Final

from services.importer.limits import Limits
from services.importer.notes import RowNote
from services.importer.reading import faults
from services.importer.reading.cells import BLANKS, escaped
from services.importer.reading.header import Columns
from services.importer.reading.model import Record, Table
from services.importer.reading.parsing import Rows

_SHOWN: Final = 200
_COUNTED_TIMES: Final = 5
_COUNTED_AT_LEAST: Final = 500_000
_LOST: Final = "\ufffd"
_LOST_NOTE: Final = RowNote("CHARACTERS_LOST")


def records(table: Table, blocks: Iterable[Rows], columns: Columns, limits: Limits) -> Iterator[Record]:
    """Records numbered from 1.

    Raises:
        FileFault: no rows, or more than the limit; then with their number.
    """
    return chain.from_iterable(_blocks(table, iter(blocks), columns, limits))


def _blocks(
    table: Table, blocks: Iterator[Rows], columns: Columns, limits: Limits
) -> Iterator[Iterable[Record]]:
    row = 0
    for block in blocks:
        filled, found = _records(block, row, columns)
        row += filled
        table.blank += len(block.rows) - filled
        if row > limits.max_rows:
            raise _too_many(row, blocks, limits.max_rows)
        yield found
    if row == 0:
        raise faults.no_rows(table.layout.header_line)


def _too_many(row: int, blocks: Iterator[Rows], limit: int) -> faults.FileFault:
    """Counts on, but not without end."""
    for block in blocks:
        row += sum(1 for cells in block.rows if any(map(str.strip, cells)))
        if row > max(limit * _COUNTED_TIMES, _COUNTED_AT_LEAST):
            return faults.too_many_rows(row, limit, at_least=True)
    return faults.too_many_rows(row, limit)


def _records(block: Rows, row: int, columns: Columns) -> tuple[int, Iterable[Record]]:
    """How many there are, and they themselves."""
    rows = block.rows
    if block.plain and rows and not block.notes:
        widths = set(map(len, rows))
        if max(widths) <= columns.width and min(widths) > max(columns.places.values()):
            email_at, description_at = columns.email, columns.description
            emails = [cells[email_at] for cells in rows]
            descriptions = [] if description_at is None else [cells[description_at] for cells in rows]
            if all(emails) and not any(_to_be_repaired(each, block) for each in (emails, descriptions)):
                texts = descriptions or repeat("")
                values = zip(count(row + 1), block.lines, emails, texts, repeat(None), repeat(()))
                return len(rows), map(tuple.__new__, repeat(Record), values)
    found = list(_one_by_one(block, row, columns))
    return len(found), found


def _to_be_repaired(cells: list[str], block: Rows) -> bool:
    """A cell begins or ends with a blank, or begins with an apostrophe. In doubt, yes."""
    if block.apostrophes and "\n'" in "\n".join(("", *cells)):
        return True
    return list(map(str.strip, cells)) != cells


def _one_by_one(block: Rows, row: int, columns: Columns) -> Iterator[Record]:
    width, email_at, description_at = columns.width, columns.email, columns.description
    for index, (line, cells) in enumerate(zip(block.lines, block.rows, strict=True)):
        size = len(cells)
        notes = block.notes.get(index, ())
        email = cells[email_at].strip(BLANKS) if email_at < size else ""
        description = ""
        if description_at is not None and description_at < size:
            description = cells[description_at].strip(BLANKS)
        if not (email or description or any(map(str.strip, cells))) or (
            email.isspace() and not any(map(str.strip, cells))
        ):
            continue
        row += 1
        code = "EXTRA_CELLS" if size > width and any(map(str.strip, cells[width:])) else None
        if escaped(email):
            email, notes = email[1:], (*notes, RowNote("ESCAPE_REMOVED", "email"))
        if escaped(description):
            description, notes = description[1:], (*notes, RowNote("ESCAPE_REMOVED", "description"))
        if _LOST in email:
            email, code = email.replace(_LOST, "?"), "EMAIL_UNREADABLE"
        if _LOST in description:
            description, notes = description.replace(_LOST, "?"), (*notes, _LOST_NOTE)
        if index in block.long:
            code = "CELL_TOO_LONG"
            email, description = email[:_SHOWN], description[:_SHOWN]
        yield Record(row, line, email, description, code, notes)
