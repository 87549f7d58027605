"""Text from a box: a column from a spreadsheet, lines of addresses, or the To: line of a mail. No header needed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import BinaryIO, Final

from services.importer.limits import Limits
from services.importer.reading import faults
from services.importer.reading.header import Columns, meanings
from services.importer.reading.lines import Lines, read_lines, split
from services.importer.reading.locating import Located, locate
from services.importer.reading.model import Choices, Note, Table
from services.importer.reading.parsing import Rows
from services.importer.reading.records import records
from services.importer.reading.sampling import HEADER_WITHIN
from services.importer.reading.text import Beginning, layout_of, look_at_beginning, table_of

_FIELD_NAME: Final = re.compile(r"\s*(to|cc|bcc|an|kellele|koopia|till|à|a|para|кому)\s*:\s*", re.IGNORECASE)
_BY_COMMA: Final = re.compile(r'(?:"[^"]*"|<[^<>]*>|[^,;"<]|["<])+')
_BY_SEMICOLON: Final = re.compile(r'(?:"[^"]*"|<[^<>]*>|[^;"<]|["<])+')
_NAMED: Final = re.compile(r"(?P<name>[^<>]*)<\s*(?P<email>[^<>]*@[^<>]*?)\s*>\s*")
_LONGEST_NAMED: Final = 1_000
_LIST: Final = Columns(2, 0, 1, ("address", "name"))


def open_pasted(stream: BinaryIO, limits: Limits, choices: Choices) -> Table:
    """A table if it looks like one, a list of addresses otherwise.

    Raises:
        FileFault: nothing is there, or not as was chosen.
    """
    begin = look_at_beginning(stream, limits, choices)
    named = any("email" in meanings(cells) for cells in begin.tried.cells[:HEADER_WITHIN])
    if not named and choices == Choices(encoding=choices.encoding) and _is_list(begin.lines):
        return _open_list(stream, limits, begin)
    try:
        located = locate(begin.tried, choices)
    except faults.FileFault as fault:
        if fault.code == "HEADER_MISSING" and choices.header_line is None:
            located = locate(begin.tried, replace(choices, header_line=0))
            return table_of(stream, limits, _noted(begin), _with_description(located, choices))
        if choices == Choices(encoding=choices.encoding) and not fault.fixable:
            return _open_list(stream, limits, begin)
        fault.layout = layout_of(begin, None, fault.fixable.get("header_line"))
        raise
    return table_of(stream, limits, begin, located)


def _noted(begin: Beginning) -> Beginning:
    note = Note("NO_HEADER", "No line names the columns, so they were told apart by what they hold.")
    return replace(begin, notes=(*begin.notes, note))


def _with_description(located: Located, choices: Choices) -> Located:
    """Of two columns, the one without addresses."""
    columns = located.columns
    if columns.width != 2 or choices.description is not None:
        return located
    return replace(located, columns=replace(columns, description=1 - columns.email))


def _open_list(stream: BinaryIO, limits: Limits, begin: Beginning) -> Table:
    layout = layout_of(begin, None)
    rows = [entry for line in begin.lines for entry in _entries(line)]
    layout = replace(
        layout,
        kind="text",
        delimiter="",
        columns=_LIST.names,
        places=_LIST.places,
        headings=_LIST.headings,
        sample=tuple((email[:80], name[:80]) for email, name in rows[:5]),
    )
    notes = list(begin.notes)
    if any(name for _, name in rows):
        notes.append(Note("NAMES_KEPT", "The names beside the addresses became the descriptions."))
    table = Table(layout, iter(()), notes=notes)
    blocks = read_lines(stream, begin.decoding)
    entries = _rows(blocks, limits.max_record)
    table.records = records(table, entries, _LIST, limits)
    return table


def _rows(blocks: Iterable[Lines], max_record: int) -> Iterator[Rows]:
    for block in blocks:
        cells: list[list[str]] = []
        lines: list[int] = []
        for number, line in enumerate(split(block.text), block.first):
            entries = _entries(line) or [("", "")]
            cells += [list(entry) for entry in entries]
            lines += [number] * len(entries)
        long = {index for index, (email, _) in enumerate(cells) if len(email) > max_record}
        yield Rows(cells, lines, long=long)


def _is_list(lines: list[str]) -> bool:
    """Nothing but addresses, or several in one line: a row of a table has one, and the others would be lost."""
    if any("\t" in line.strip() for line in lines):
        return False
    found = [["@" in email for email, _ in _entries(line)] for line in lines]
    return any(sum(line) > 1 for line in found) or (any(found) and all(map(all, found)))


def _entries(line: str) -> list[tuple[str, str]]:
    """Addresses with names."""
    line = _FIELD_NAME.sub("", line, count=1) if ":" in line[:20] else line
    return [entry for part in _BY_SEMICOLON.finditer(line) for entry in _between_semicolons(part[0])]


def _between_semicolons(part: str) -> list[tuple[str, str]]:
    """Commas separate, too; but a part without an address belongs to the name after it: `Doe, Ann <ann@x.org>`."""
    found: list[tuple[str, str]] = []
    waiting = ""
    for match in _BY_COMMA.finditer(part):
        token = match[0].strip()
        if not token:
            continue
        named = _NAMED.fullmatch(token) if len(token) <= _LONGEST_NAMED else None
        if named:
            name = f"{waiting}, {named['name']}" if waiting else named["name"]
            found.append((named["email"], " ".join(name.replace('"', " ").split())))
            waiting = ""
            continue
        if waiting:
            found.append((waiting, ""))
        waiting = ""
        parts = token.split()
        if "@" not in token:
            waiting = token
        elif len(parts) > 1 and all("@" in part for part in parts):
            found += [(part, "") for part in parts]
        else:
            found.append((token, ""))
    return [*found, (waiting, "")] if waiting else found
