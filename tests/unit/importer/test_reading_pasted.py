"""Text from a box: columns, lines of addresses, a mail's To: line; a header is welcome and not needed."""

import pytest

from services.importer.limits import Limits
from services.importer.reading import Choices
from tests.support.reading import fault, read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a@x.org", [(1, "a@x.org", "")]),
        ("a@x.org\nb@x.org\r\n\nc@x.org", [(1, "a@x.org", ""), (2, "b@x.org", ""), (4, "c@x.org", "")]),
        ("a@x.org, b@x.org,\nc@x.org", [(1, "a@x.org", ""), (1, "b@x.org", ""), (2, "c@x.org", "")]),
        ("a@x.org b@x.org", [(1, "a@x.org", ""), (1, "b@x.org", "")]),
        ("To: Ann <a@x.org>; b@x.org", [(1, "a@x.org", "Ann"), (1, "b@x.org", "")]),
        ('"Doe, Ann" <a@x.org>, Bob <b@x.org>', [(1, "a@x.org", "Doe, Ann"), (1, "b@x.org", "Bob")]),
        ("Doe, Ann <a@x.org>; Roe, Bob <b@x.org>;", [(1, "a@x.org", "Doe, Ann"), (1, "b@x.org", "Roe, Bob")]),
        (
            "Ann <a@x.org>; b@x.org, Roe, Cy <c@x.org>; nobody; d@x.org",
            [
                (1, "a@x.org", "Ann"),
                (1, "b@x.org", ""),
                (1, "c@x.org", "Roe, Cy"),
                (1, "nobody", ""),
                (1, "d@x.org", ""),
            ],
        ),
        ("Doe, Ann <a@x.org>", [(1, "a@x.org", "Doe, Ann")]),
        ("a@x.org\tGroup 1\nb@x.org\tGroup 2", [(1, "a@x.org", "Group 1"), (2, "b@x.org", "Group 2")]),
        ("Ann\ta@x.org\nBob\tb@x.org", [(1, "a@x.org", "Ann"), (2, "b@x.org", "Bob")]),
        ("E-mail\na@x.org\nb@x.org", [(2, "a@x.org", ""), (3, "b@x.org", "")]),
        ("Name\tE-mail\nAnn\ta@x.org", [(2, "a@x.org", "")]),
        ("a@x.org,Group 1\nb@x.org,Group 2", [(1, "a@x.org", "Group 1"), (2, "b@x.org", "Group 2")]),
        ("a@x.org\nnobody\n", [(1, "a@x.org", ""), (2, "nobody", "")]),
        ("nobody", [(1, "nobody", "")]),
    ],
)
def test_what_people_paste(text: str, expected: list[tuple[int, str, str]]) -> None:
    """Addresses with their lines, names as descriptions; what is none is a row, too, and never dropped."""
    _, rows = read(text.encode(), pasted=True)
    assert [(row.line, row.email, row.description) for row in rows] == expected


def test_what_was_understood_is_said() -> None:
    """The layout shows that it was a list, and a note that names were kept."""
    table, _ = read(b"Ann <a@x.org>; b@x.org", pasted=True)
    assert (table.layout.kind, table.layout.header_line) == ("text", 0)
    assert table.layout.sample == (("a@x.org", "Ann"), ("b@x.org", ""))
    assert [note.code for note in table.notes] == ["NAMES_KEPT"]
    assert [note.code for note in read(b"1\ta@x.org", pasted=True)[0].notes] == ["NO_HEADER"]


def test_choices_count_for_pasted_text_too() -> None:
    """And limits, and emptiness."""
    _, rows = read(b"x\ta@x.org\ty\n", Choices(header_line=0, email=1, description=2), pasted=True)
    assert (rows[0].email, rows[0].description) == ("a@x.org", "y")
    assert fault(b" \n\t\n", pasted=True).code == "FILE_EMPTY"
    assert fault(b"a@x.org; " * 70, pasted=True).code == "TOO_MANY_ROWS"


def test_a_long_paste_takes_linear_time() -> None:
    """Made to be slow, and read like any other."""
    for text in (b"<@" * 100_000, b'"<@' * 50_000, b"a@x.org <" * 50_000):
        table, rows = read(b"a@x.org\n" + text, pasted=True, limits=Limits(max_rows=200_000))
        assert rows
        assert table.layout.kind == "text"
