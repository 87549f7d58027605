"""What reading is asked and what it gives: plain values, also across a process boundary."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from services.importer.notes import RowNote


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chose; None means: find out.

    Attributes:
        encoding: a name from `ENCODINGS`.
        delimiter: one of `,` `;` tab `|`.
        header_line: the physical line of the header, from 1; 0 means that there is none.
        email: the place of the column with the addresses, from 0.
        description: the place of the column with the descriptions, from 0; -1 means that there is none.
    """

    encoding: str | None = None
    delimiter: str | None = None
    header_line: int | None = None
    email: int | None = None
    description: int | None = None


class Record(NamedTuple):
    """One record: its number, the physical line where it starts, and its cells, trimmed of ordinary blanks.

    `code` says what is wrong with its shape, if something is (a key of `schemas.codes.ROW_CODES`); `notes` say
    what was repaired.
    """

    row: int
    line: int
    email: str
    description: str
    code: str | None
    notes: tuple[RowNote, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth knowing about the file as a whole."""

    code: str
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """How the file was read; shown to people, and enough for a picker.

    Attributes:
        encoding: a name from `ENCODINGS`; empty where the file knows (workbooks).
        delimiter: the character between cells; empty where there is none (workbooks, lists of addresses).
        header_line: the physical line of the header; 0 if there is none.
        columns: our name of a column → its heading in the file (`column 1` where there is no header).
        ignored_columns: the headings of the others.
        kind: what the file is.
        places: our name of a column → its place, from 0.
        headings: all of them, in order, empty ones too.
        sample: the first records as cells, cut short.
        guessed: the encoding is a guess.
        encodings: other guesses, each with some text as it would be read.
    """

    encoding: str
    delimiter: str
    header_line: int
    columns: Mapping[str, str]
    ignored_columns: tuple[str, ...]
    kind: Literal["csv", "xlsx", "xls", "ods", "text"] = "csv"
    places: Mapping[str, int] = field(default_factory=dict)
    headings: tuple[str, ...] = ()
    sample: tuple[tuple[str, ...], ...] = ()
    guessed: bool = False
    encodings: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Table:
    """Records in order, read while they are asked for; `blank` counts blank lines passed so far."""

    layout: Layout
    records: Iterator[Record]
    blank: int = 0
    notes: list[Note] = field(default_factory=list)
