"""Which encoding a text is in: BOM, strict UTF-8, UTF-16, then a guess among a few; or as a person chose."""

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from services.importer.reading import faults
from services.importer.reading.encodings import ENCODINGS, GUESSED, spoken
from services.importer.reading.guessing import rank
from services.importer.reading.model import Note
from services.importer.reading.survey import Survey, line_at, read_fully, survey, undecodable

_HEAD: Final = 4096
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SAMPLE_CELLS: Final = 5
_SAMPLE_LENGTH: Final = 80


@dataclass(frozen=True, slots=True)
class Decoding:
    """How bytes become text.

    Attributes:
        encoding: a name from `ENCODINGS`.
        codec: Python's name.
        fallback: the codec of lines that are no UTF-8, in a file pasted together.
        odd_is_utf8: in such a file, the lines in UTF-8 are the few.
        guessed: it is a guess.
        others: other guesses with what they make of the text, the guess itself first.
        notes: what is to be said about it.
    """

    encoding: str
    codec: str
    fallback: str | None = None
    odd_is_utf8: bool = False
    guessed: bool = False
    others: tuple[tuple[str, str], ...] = ()
    notes: tuple[Note, ...] = ()


def find_decoding(stream: BinaryIO, chosen: str | None) -> Decoding:
    """Find how the whole stream can be decoded without a loss.

    Raises:
        FileFault: it is no text, or in no encoding that is known, or not in the one chosen.
    """
    stream.seek(0)
    head = read_fully(stream, _HEAD)
    if chosen is not None:
        return _as_chosen(stream, head, chosen)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strict(stream, "utf-16", "utf-16")
    if (codec := _utf16_without_bom(head)) is not None:
        return _strict(stream, "utf-16", codec)
    if len(controls := _CONTROLS.findall(head)) >= 8 and len(controls) * 20 > len(head):
        first = _CONTROLS.search(head)
        raise faults.binary(first.start() if first else 0)
    bad = undecodable(stream, "utf-8")
    if bad is None:
        return Decoding("utf-8", "utf-8-sig")
    return _guess(stream, survey(stream), bad)


def _as_chosen(stream: BinaryIO, head: bytes, chosen: str) -> Decoding:
    if chosen not in ENCODINGS:
        raise faults.bad_choice(f"The encoding `{chosen[:40]}` is not known here.")
    codec = ENCODINGS[chosen]
    if chosen == "utf-16" and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        codec = _utf16_without_bom(head) or "utf-16-le"
    return _strict(stream, chosen, codec)


def _strict(stream: BinaryIO, name: str, codec: str) -> Decoding:
    bad = undecodable(stream, codec)
    if bad is not None:
        line = line_at(stream, bad, 2 if name == "utf-16" else 1)
        raise faults.unreadable(spoken(name), bad, line, fixable={"encoding": GUESSED[0]})
    return Decoding(name, codec)


def _utf16_without_bom(head: bytes) -> str | None:
    """Clear if nearly every other byte is NUL, always on the same side."""
    pairs = len(head) // 2
    first, second = head[0 : pairs * 2 : 2].count(0), head[1 : pairs * 2 : 2].count(0)
    if pairs >= 4 and max(first, second) * 10 >= pairs * 6 and min(first, second) * 20 <= pairs:
        return "utf-16-be" if first > second else "utf-16-le"
    return None


def _guess(stream: BinaryIO, found: Survey, bad: int) -> Decoding:
    high = found.other_high if found.mixed else found.high
    able = [name for name in GUESSED if _can(ENCODINGS[name], high)]
    if not able and not found.mixed:
        raise faults.unreadable(
            "UTF-8, nor in any other encoding we know",
            bad,
            line_at(stream, bad),
            fixable={"encoding": "iso-8859-1"},
        )
    ranked = rank(found.cells, able) or [GUESSED[0]]
    best = ranked[0]
    if found.mixed:
        return _mixed(best, found, line_at(stream, bad))
    note = Note(
        "ENCODING_GUESSED",
        f"Read as {spoken(best)}, which is a guess. If letters look wrong, choose another encoding.",
    )
    return Decoding(best, ENCODINGS[best], guessed=True, others=_samples(ranked, found.cells), notes=(note,))


def _mixed(other: str, found: Survey, line: int) -> Decoding:
    utf8_is_odd = found.utf8_lines < found.other_lines
    note = Note(
        "ENCODING_MIXED",
        f"The file is pasted together: some lines are UTF-8, others seem to be {spoken(other)}. "
        "Each was read as what it is; the rows that differ from the rest have a note.",
        line,
    )
    return Decoding(
        other if utf8_is_odd else "utf-8",
        "utf-8",
        fallback=ENCODINGS[other],
        odd_is_utf8=utf8_is_odd,
        guessed=True,
        others=_samples([other, *(name for name in GUESSED if name != other)], found.cells),
        notes=(note,),
    )


def _can(codec: str, high: bytes) -> bool:
    try:
        high.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _samples(names: Sequence[str], cells: dict[bytes, None]) -> tuple[tuple[str, str], ...]:
    some = sorted(list(cells)[:200], key=len)[:_SAMPLE_CELLS]
    return tuple(
        (
            name,
            " · ".join(cell.decode(ENCODINGS[name], "replace") for cell in some)[:_SAMPLE_LENGTH].replace(
                "\ufffd", "?"
            ),
        )
        for name in names
    )
