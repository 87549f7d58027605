"""Workbooks: the first sheet with addresses, cells as text."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO, Final, Literal

from services.importer.limits import Limits
from services.importer.reading import faults
from services.importer.reading.faults import FileFault
from services.importer.reading.locating import Located, headings_for_choice, locate
from services.importer.reading.model import Choices, Layout, Note, Table
from services.importer.reading.parsing import Rows
from services.importer.reading.records import records
from services.importer.reading.sampling import Sample
from services.importer.reading.text import shown, title_notes
from services.importer.reading.zips import MAX_CELLS, names_of

_UNPACKED_TIMES: Final = 6
_BLOCK_ROWS: Final = 1_000
_SAMPLE_ROWS: Final = 200


def open_workbook(
    stream: BinaryIO, limits: Limits, choices: Choices, container: Literal["zip", "ole"]
) -> Table:
    """XLSX, ODS or XLS.

    Raises:
        FileFault: no workbook, protected, damaged, or without a column of addresses.
    """
    kind = _kind(stream, limits) if container == "zip" else "xls"
    stream.seek(0)
    with _own_faults():
        import python_calamine

        book = python_calamine.CalamineWorkbook.from_filelike(stream)
        sheets = [sheet.name for sheet in book.sheets_metadata if "Visible" in str(sheet.visible)]
    first_fault: FileFault | None = None
    for name in sheets[:20]:
        with _own_faults():
            sheet = book.get_sheet_by_name(name)
        if sheet.total_height * sheet.total_width > MAX_CELLS:
            raise faults.archive_too_large()
        tried = _sample(sheet)
        try:
            located = locate(tried, choices)
        except FileFault as fault:
            if first_fault is None or first_fault.code == "FILE_EMPTY":
                first_fault = fault
                fault.layout = _layout(kind, tried, None) if fault.fixable else None
                if fault.layout is not None:
                    headings = headings_for_choice(tried, fault.fixable.get("header_line"))
                    fault.layout = replace(fault.layout, headings=headings)
            continue
        return _table(kind, sheet, name, sheets, tried, located, limits)
    raise first_fault or faults.empty()


def _kind(stream: BinaryIO, limits: Limits) -> Literal["xlsx", "ods"]:
    names = names_of(stream, limits.max_bytes * _UNPACKED_TIMES)
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return "xlsx"
    if "content.xml" in names and "mimetype" in names:
        return "ods"
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise FileFault(
            "FILE_IS_DOCUMENT",
            "This is a text document or slides. Save the list as CSV UTF-8 and upload that.",
        )
    raise FileFault("FILE_IS_ARCHIVE", "This is a compressed archive. Unpack it and upload the file inside.")


@contextlib.contextmanager
def _own_faults() -> Iterator[None]:
    """The library raises its own errors, and panics, which are no `Exception`, on some damaged files."""
    try:
        yield
    except (FileFault, KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError, ImportError):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic is no Exception
        if type(error).__name__ == "PasswordError":
            raise faults.workbook("This workbook is protected with a password.") from None
        raise faults.workbook("This office document cannot be read as a workbook.") from None


def _sample(sheet: Any) -> Sample:
    rows: list[tuple[int, int, list[str]]] = []
    for line, cells in _rows(sheet):
        if any(map(str.strip, cells)):
            rows.append((line, line + 1, cells))
            if len(rows) == _SAMPLE_ROWS:
                break
    return Sample(tuple(rows))


def _table(
    kind: Literal["xlsx", "xls", "ods"],
    sheet: Any,
    name: str,
    sheets: list[str],
    tried: Sample,
    located: Located,
    limits: Limits,
) -> Table:
    notes = title_notes(located)
    if len(sheets) > 1:
        others = ", ".join(f"“{other[:60]}”" for other in sheets[:10] if other != name)
        notes.append(Note("SHEET_CHOSEN", f"Read from the sheet “{name[:60]}”; left out: {others}."))
    table = Table(_layout(kind, tried, located), iter(()), notes=notes)
    blocks = _blocks(sheet, located.after, limits.max_record)
    table.records = records(table, blocks, located.columns, limits)
    return table


def _layout(kind: Literal["xlsx", "xls", "ods"], tried: Sample, located: Located | None) -> Layout:
    layout = Layout("", "", 0, {}, (), kind=kind, sample=shown(tried, located.after if located else 0))
    if located is None:
        return layout
    columns = located.columns
    return replace(
        layout,
        header_line=located.header_line,
        columns=columns.names,
        ignored_columns=columns.ignored,
        places=columns.places,
        headings=columns.headings,
    )


def _blocks(sheet: Any, after: int, max_record: int) -> Iterator[Rows]:
    rows: list[list[str]] = []
    lines: list[int] = []
    long: set[int] = set()
    for line, cells in _rows(sheet):
        if line < after:
            continue
        if sum(map(len, cells)) > max_record:
            long.add(len(rows))
        rows.append(cells)
        lines.append(line)
        if len(rows) == _BLOCK_ROWS:
            yield Rows(rows, lines, long=long)
            rows, lines, long = [], [], set()
    if rows:
        yield Rows(rows, lines, long=long)


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """Each row with its number in the spreadsheet; empty ones above the first are there, too."""
    rows = enumerate(sheet.iter_rows(), 1)
    while True:
        with _own_faults():
            row = next(rows, None)
        if row is None:
            return
        yield row[0], [cell if isinstance(cell, str) else _text(cell) for cell in row[1]]


def _text(cell: float | bool | date | time | timedelta) -> str:
    """As a person would type it: no `.0`, dates in ISO order."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ") if cell.time() != time() else cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)
