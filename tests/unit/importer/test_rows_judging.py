"""One row by itself: verdict, notes and suggestions; many at once come to the same."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.ids import account_id
from services.importer.domain.corrections import applied
from services.importer.domain.judging import judge, judge_all
from services.importer.domain.policy import AddressPolicy
from services.importer.domain.rows import StagedRow, Verdict
from services.importer.notes import RowNote
from services.importer.reading import Record

PROJECT = UUID("0f5d3a4e-4f0c-4d0a-9d3d-3c3f0a1b2c3d")
PLAIN = AddressPolicy()

_EMAILS = """
    ada@example.org Ada@EXAMPLE.org ada@käse.de a@b.ee;c@d.ee ada@gmial.com Ann nobody ada@exаmple.org аda@x.org
    ａda@x.org ada@mailinator.com a..b@c.ee ас@x.org
    """
EMAILS = st.sampled_from(
    [*_EMAILS.split(), "", "ada @x.org", "Ann <a@b.ee>", "\u200bada@x.org", "a\u200bda@x.org", "a\x00@b.ee"]
)
TEXTS = st.sampled_from(["", "tutor", "õpetaja\nA", "a\x00b", "ada@example.org", "x" * 2_000, "x" * 2_001])
RECORDS = st.builds(
    Record,
    st.integers(1, 9),
    st.integers(1, 9),
    EMAILS | st.text(max_size=9),
    TEXTS | st.text(max_size=9),
    st.sampled_from([None, None, None, "EXTRA_CELLS"]),
    st.sampled_from([(), (RowNote("STRAY_QUOTE"),)]),
)


def judged(email: str, description: str = "", code: str | None = None) -> StagedRow:
    """One row under the plain policy."""
    return judge(Record(1, 2, email, description, code), PROJECT, PLAIN)


@pytest.mark.parametrize(
    "text", ["1,23E+05", "007", "=1+1", "<b>x</b>", "a\tb\r\nc", "NULL", "\u200bõ\u00a0", "’", " x "]
)
def test_descriptions_are_text_and_stay_as_they_are(text: str) -> None:
    """Nothing is taken for a number, a formula or a mistake."""
    row = judged("ada@example.org", text)
    assert (row.description, row.verdict, row.notes) == (text, Verdict.NEW, ())


def test_control_characters_leave_a_description_with_a_note() -> None:
    """NUL and the like go no further; a description is never refused for them."""
    row = judged("ada@example.org", "a\x00b\x1bc\x85\ud800d")
    assert (row.description, row.verdict) == ("abcd", Verdict.NEW)
    assert row.notes == (("CONTROL_REMOVED", "U+0000, U+001B, U+0085 …"),)


def test_a_description_may_be_too_long() -> None:
    """With its length; the address is not at fault."""
    row = judged("ada@example.org", "x" * 2_001)
    assert (row.verdict, row.code, row.detail) == (Verdict.INVALID, "DESCRIPTION_TOO_LONG", "2001 characters")
    assert (row.canonical_email, row.account_id) == ("ada@example.org", None)
    assert judged("ada@example.org", "x" * 2_000).verdict is Verdict.NEW


@pytest.mark.parametrize(("email", "code"), [("Ann, tutor", "EMAIL_NO_AT"), ("", "EMAIL_MISSING")])
def test_swapped_columns_are_noticed(email: str, code: str) -> None:
    """No address where it should be, and one beside it."""
    row = judged(email, " ada@example.org")
    assert row.code == code
    assert row.notes == (("COLUMNS_SWAPPED", "ada@example.org"),)
    assert row.suggestions == (("SWAP_COLUMNS", "ada@example.org", "COLUMNS_SWAPPED"),)
    assert not judged(email, "ask ada@example.org").suggestions


def test_what_reading_found_comes_first() -> None:
    """Cells of a row of the wrong shape may be the wrong ones: nothing is made of them."""
    record = Record(1, 2, "ada@gmial.com\x00", "x", "EXTRA_CELLS", (RowNote("STRAY_QUOTE"),))
    row = judge(record, PROJECT, PLAIN)
    assert (row.verdict, row.code, row.email) == (Verdict.INVALID, "EXTRA_CELLS", "ada@gmial.com␀")
    assert (row.notes, row.suggestions, row.account_id) == (record.notes, (), None)


def test_notes_are_in_the_order_of_what_was_done() -> None:
    """Of reading, of the description, of the address."""
    record = Record(1, 2, "\u200bAnn <ada@gmial.com>", "\x07", None, (RowNote("ESCAPE_REMOVED"),))
    assert [note.code for note in judge(record, PROJECT, PLAIN).notes] == [
        "ESCAPE_REMOVED",
        "CONTROL_REMOVED",
        "HIDDEN_TRIMMED",
        "ADDRESS_EXTRACTED",
        "DOMAIN_TYPO",
    ]


@given(st.lists(RECORDS, max_size=8))
def test_many_at_once_are_judged_as_one_by_one(records: list[Record]) -> None:
    """The short way leaves nothing out, and makes the ids of the contract."""
    rows = judge_all(records, PROJECT, PLAIN)
    assert rows == [judge(record, PROJECT, PLAIN) for record in records]
    for row in rows:
        row.email.encode()
        row.description.encode()
        assert "\x00" not in row.email + row.description
        assert (row.verdict is Verdict.NEW) == (row.code is None) == (row.account_id is not None)
        if row.account_id is not None:
            assert row.canonical_email is not None
            assert row.account_id == account_id(PROJECT, row.canonical_email).bytes


@given(EMAILS | st.text(max_size=9), TEXTS | st.text(max_size=9))
def test_every_suggestion_makes_the_row_valid(email: str, description: str) -> None:
    """Applied as it would be: each row that comes of it can be submitted."""
    row = judged(email, description)
    for suggestion in row.suggestions:
        rows = list(applied(row, suggestion, PROJECT, PLAIN))
        assert rows
        assert all(one.verdict is Verdict.NEW for one in rows)
