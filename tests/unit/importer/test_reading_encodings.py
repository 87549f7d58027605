"""Encodings: strict UTF-8 first, then a guess among a few that is said and can be overridden."""

import codecs

import pytest

from services.importer.limits import Limits
from services.importer.notes import RowNote
from services.importer.reading import Choices
from tests.support.reading import fault, read

PEOPLE = "email;description\r\na@x.org;{}\r\nb@x.org;x\r\n"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("windows-1252", "Jürgen Müller, Köln, Grüße, 5 €"),
        ("windows-1251", "Группа первая, Иванова Мария"),
        ("windows-1250", "Dvořák, Łódź, Žižek, Győr, Kraków"),
        ("windows-1257", "Jõgi, Žukauskaitė, Bērziņš, Šķēle"),
    ],
)
def test_code_pages_are_guessed_and_said(encoding: str, text: str) -> None:
    """Nothing is lost, the file has a note, and others are offered with a sample."""
    table, rows = read(PEOPLE.format(text).encode(encoding.replace("windows-", "cp")))
    assert rows[0].description == text
    assert (table.layout.encoding, table.layout.guessed) == (encoding, True)
    assert [note.code for note in table.notes] == ["ENCODING_GUESSED"]
    assert encoding.replace("w", "W", 1) in table.notes[0].message
    names = [name for name, _ in table.layout.encodings]
    assert names[0] == encoding
    assert any(part.strip() in table.layout.encodings[0][1] for part in text.split(","))


def test_a_guess_can_be_overridden() -> None:
    """The choice decides, and is no guess any more."""
    table, rows = read(PEOPLE.format("Šuškevitš").encode("cp1257"), Choices(encoding="windows-1252"))
    assert rows[0].description == "Ðuðkevitð"
    assert (table.layout.encoding, table.layout.guessed, table.notes) == ("windows-1252", False, [])


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("bom", [True, False])
def test_utf16_with_and_without_a_mark(encoding: str, bom: bool) -> None:
    """As Excel saves "Unicode text": with tabs."""
    data = PEOPLE.replace(";", "\t").format("Jõgi").encode(encoding)
    mark = codecs.BOM_UTF16_LE if encoding.endswith("le") else codecs.BOM_UTF16_BE
    table, rows = read(mark * bom + data)
    assert [(row.line, row.email, row.description) for row in rows] == [
        (2, "a@x.org", "Jõgi"),
        (3, "b@x.org", "x"),
    ]
    assert (table.layout.encoding, table.layout.delimiter) == ("utf-16", "\t")


def test_pasted_together_from_two_encodings() -> None:
    """Each line is read as what it is; the few that differ have a note, and their addresses are whole."""
    data = "email,description\na@x.org,Jõgi\nb@x.org,Õun\n".encode() + "c@x.org,Müller\n".encode("cp1252")
    table, rows = read(data)
    assert [row.description for row in rows] == ["Jõgi", "Õun", "Müller"]
    assert [row.notes for row in rows] == [(), (), (RowNote("OTHER_ENCODING"),)]
    assert [(note.code, note.line) for note in table.notes] == [("ENCODING_MIXED", 4)]
    assert table.layout.encoding == "utf-8"


def test_pasted_into_a_code_page() -> None:
    """Where UTF-8 is the exception, its lines have the note."""
    others = "".join(f"a{n}@x.org,Käsper Öö\n" for n in range(9)).encode("cp1252")
    table, rows = read(b"email,description\n" + others + "z@x.org,Jõgi\n".encode())
    assert [row.description for row in rows[-2:]] == ["Käsper Öö", "Jõgi"]
    assert [row.row for row in rows if row.notes] == [10]
    assert table.layout.encoding.startswith("windows-")


def test_what_no_encoding_explains_is_named_by_byte_and_line() -> None:
    """Also far into a file."""
    good = b"email\n" + b"a@x.org\r\n" * 200_000
    found = fault(good + bytes(range(0x80, 0x100)) + b"\n", limits=Limits())
    assert (found.code, found.line) == ("ENCODING_UNSUPPORTED", 200_002)
    assert f"byte {len(good)} " in found.detail
    assert fault(codecs.BOM_UTF16_LE + "email\na".encode("utf-16-le") + b"x").line == 2


def test_a_wrong_choice_of_encoding_is_named_too() -> None:
    """Rather than read with holes."""
    found = fault("email,description\na@x.org,Jõgi\n".encode("cp1252"), Choices(encoding="utf-8"))
    assert (found.code, found.line) == ("ENCODING_UNSUPPORTED", 2)


def test_lost_characters_never_become_data() -> None:
    """A replacement character means that somebody lost a letter before us."""
    _, rows = read("email,description\n\ufffd@x.org,x\nb@x.org,J\ufffdgi\n".encode())
    assert [(row.email, row.code) for row in rows] == [("?@x.org", "EMAIL_UNREADABLE"), ("b@x.org", None)]
    assert rows[1].description == "J?gi"
    assert [note.code for note in rows[1].notes] == ["CHARACTERS_LOST"]


def test_nul_and_controls_are_the_rows_own_affair() -> None:
    """Some of them do not make a file of people binary."""
    _, rows = read(b"email,description\na\0@x.org,x\nb@x.org,y\x07z\n")
    assert [(row.email, row.description) for row in rows] == [("a\0@x.org", "x"), ("b@x.org", "y\x07z")]
