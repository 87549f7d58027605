"""Text files: encoding, delimiter, header, then row after row."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO, Final

from services.importer.limits import Limits
from services.importer.reading import faults
from services.importer.reading.decoding import Decoding, find_decoding
from services.importer.reading.lines import LONGEST_LINE, Lines, read_lines, split
from services.importer.reading.locating import Located, headings_for_choice, locate
from services.importer.reading.model import Choices, Layout, Note, Table
from services.importer.reading.parsing import parse
from services.importer.reading.records import records
from services.importer.reading.sampling import DELIMITERS, Sample, find_delimiter, sample, sep_line
from services.importer.reading.survey import read_fully

_SAMPLE_LINES: Final = 200
_SAMPLE_BLOCKS: Final = 4
_SHOWN_ROWS: Final = 5
_SHOWN_CELLS: Final = 50
_SHOWN_LENGTH: Final = 80


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first lines that are not blank, `first` is the number of the first, and what follows from them."""

    decoding: Decoding
    first: int
    lines: list[str]
    delimiter: str
    tried: Sample
    notes: tuple[Note, ...]


def open_text(stream: BinaryIO, limits: Limits, choices: Choices) -> Table:
    """A CSV file.

    Raises:
        FileFault: it cannot be read.
    """
    begin = look_at_beginning(stream, limits, choices)
    try:
        located = locate(begin.tried, choices)
    except faults.FileFault as fault:
        if fault.fixable:
            fault.layout = layout_of(begin, None, fault.fixable.get("header_line"))
        raise
    return table_of(stream, limits, begin, located)


def look_at_beginning(stream: BinaryIO, limits: Limits, choices: Choices) -> Beginning:
    """Decide about encoding and delimiter.

    Raises:
        FileFault: no text, nothing in it, or a first line that no list has.
    """
    if choices.delimiter is not None and choices.delimiter not in DELIMITERS:
        raise faults.bad_choice("This character cannot separate cells.")
    _refuse_one_endless_line(stream)
    decoding = find_decoding(stream, choices.encoding)
    first, lines = _first_lines(read_lines(stream, decoding))
    if len(lines[0]) > limits.max_record:
        raise faults.record_too_long(first, limits.max_record)
    notes: list[Note] = list(decoding.notes)
    named = sep_line(lines[0])
    if named is not None:
        notes.append(
            Note("SEP_LINE", f"Line {first} names the delimiter; it was obeyed and left out.", first)
        )
        first, lines = first + 1, lines[1:]
    delimiter = choices.delimiter or named or find_delimiter(first, lines)
    tried = sample(first, lines, delimiter)
    return Beginning(decoding, first, lines, delimiter, tried, tuple(notes))


def table_of(stream: BinaryIO, limits: Limits, begin: Beginning, located: Located) -> Table:
    """The table below a header that was found."""
    notes = [*begin.notes, *title_notes(located)]
    table = Table(layout_of(begin, located), iter(()), notes=notes)
    lines = _from_line(max(located.after, begin.first), read_lines(stream, begin.decoding))
    rows = parse(lines, begin.delimiter, limits.max_record)
    table.records = records(table, rows, located.columns, limits)
    return table


def title_notes(located: Located) -> list[Note]:
    """Lines above the header are not dropped in silence."""
    if not located.title_lines:
        return []
    sentence = f"The header is on line {located.header_line}; what stands above it was left out."
    return [Note("TITLE_LINES", sentence, located.header_line)]


def layout_of(begin: Beginning, located: Located | None, header_line: object = None) -> Layout:
    """What people are shown; without columns where they are still to be chosen below `header_line`."""
    columns = located.columns if located else None
    return Layout(
        encoding=begin.decoding.encoding,
        delimiter=begin.delimiter,
        header_line=located.header_line if located else 0,
        columns=columns.names if columns else {},
        ignored_columns=columns.ignored if columns else (),
        places=columns.places if columns else {},
        headings=columns.headings if columns else headings_for_choice(begin.tried, header_line),
        sample=shown(begin.tried, located.after if located else 0),
        guessed=begin.decoding.guessed,
        encodings=begin.decoding.others,
    )


def shown(tried: Sample, after: int) -> tuple[tuple[str, ...], ...]:
    """The first rows from line `after`, cut short."""
    return tuple(
        tuple(cell[:_SHOWN_LENGTH].replace("\ufffd", "?") for cell in cells[:_SHOWN_CELLS])
        for line, _, cells in tried.rows
        if line >= after
    )[:_SHOWN_ROWS]


def _refuse_one_endless_line(stream: BinaryIO) -> None:
    """Early, without reading all of it."""
    stream.seek(0)
    size = 0
    while size <= LONGEST_LINE:
        piece = read_fully(stream, 64 * 1024)
        if not piece or b"\n" in piece or b"\r" in piece:
            return
        size += len(piece)
    raise faults.record_too_long(1, LONGEST_LINE)


def _first_lines(blocks: Iterable[Lines]) -> tuple[int, list[str]]:
    first, lines = 1, list[str]()
    for number, block in enumerate(_from_first_filled(blocks)):
        first = first if lines else block.first
        lines += split(block.text)
        if len(lines) >= _SAMPLE_LINES or number + 1 == _SAMPLE_BLOCKS:
            break
    if not lines:
        raise faults.empty()
    return first, lines[:_SAMPLE_LINES]


def _from_first_filled(blocks: Iterable[Lines]) -> Iterator[Lines]:
    blocks = iter(blocks)
    for block in blocks:
        for at, line in enumerate(split(block.text)):
            if line.strip():
                return chain([_without(at, block)], blocks)
    return iter(())


def _from_line(number: int, blocks: Iterable[Lines]) -> Iterator[Lines]:
    for block in blocks:
        if block.first >= number:
            yield block
        elif block.after > number:
            yield _without(number - block.first, block)


def _without(some: int, block: Lines) -> Lines:
    """All but the first `some` lines."""
    return Lines.of(block.first + some, "".join(split(block.text)[some:]), block.odd)
