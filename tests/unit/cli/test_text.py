"""Text for people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.client.draft_models import Draft, FileNote, Verdicts
from cli.client.models import Counts, ImportStatus, Row, RowError, Waiting
from cli.text.counts import CLASSES, clock_time, equation, progress_line
from cli.text.numbers import count, counted, duration, parse_duration
from cli.text.outcome import outcome
from cli.text.preview import preview, to_create
from cli.text.safe import printable, width
from cli.text.table import table
from schemas.row_class import RowClass


def test_equation_names_every_class_that_occurs() -> None:
    """The equation shows the classes that hold rows, and the sum."""
    counts = Counts(rows=300, created=280, failed=9, duplicate=5, invalid=6)
    assert equation(counts) == "300 = 280 created + 9 failed + 5 duplicate + 6 invalid"


def test_equation_of_nothing() -> None:
    """No rows are still an equation."""
    assert equation(Counts(rows=0)) == "0 = 0"


def test_equation_knows_every_class_of_the_contract() -> None:
    """A class of the contract that the equation left out would make it false."""
    assert set(CLASSES) == {str(name) for name in RowClass}


@given(st.lists(st.integers(0, 10**6), min_size=len(CLASSES), max_size=len(CLASSES)))
def test_equation_adds_up(numbers: list[int]) -> None:
    """Both sides of the equation are equal, whatever the counts."""
    counts = Counts(rows=sum(numbers), **dict(zip(CLASSES, numbers, strict=True)))
    left, right = equation(counts).replace(",", "").split(" = ")
    assert int(left) == sum(int(term.split()[0]) for term in right.split(" + "))


def test_progress_line_says_what_is_waited_for() -> None:
    """One line holds counts, rate, time left and the reason to wait with the time of the next try."""
    at = "2026-11-23T14:32:00+00:00"
    status = ImportStatus(
        "1" * 32,
        "running",
        Counts(rows=2000, created=1200, failed=3, waiting=10, pending=787),
        Waiting(reason="The account service cannot be reached.", next_attempt=at),
        rate=120.4,
        eta_seconds=65,
    )
    assert progress_line(status) == (
        "1,203 of 2,000 done, 1,200 created, 3 failed, 10 waiting, 787 pending, 120 rows/s, 1 min 5 s left; "
        f"waiting: The account service cannot be reached, next try {clock_time(at)}"
    )


def test_old_reason_is_not_shown_when_nothing_waits() -> None:
    """A reason without waiting rows would only confuse."""
    status = ImportStatus("1" * 32, "running", Counts(rows=1, pending=1), Waiting(reason="Down."))
    assert progress_line(status) == "0 of 1 done, 0 created, 0 failed, 1 pending"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-1, "0.0 s"),
        (0.44, "0.4 s"),
        (12.3, "12 s"),
        (59.6, "1 min 0 s"),
        (185, "3 min 5 s"),
        (7800, "2 h 10 min"),
    ],
)
def test_duration(seconds: float, said: str) -> None:
    """Spans of time are as coarse as people like them."""
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("said", "seconds"), [("90", 90), ("90s", 90), ("5m", 300), ("1.5h", 5400), (" 2M ", 120)]
)
def test_parse_duration(said: str, seconds: float) -> None:
    """Times are read with or without a unit."""
    assert parse_duration(said) == seconds


@pytest.mark.parametrize("said", ["", "s", "-5", "0", "nan", "inf", "5 minutes", "99999999h"])
def test_parse_duration_refuses(said: str) -> None:
    """What is no positive, bounded time is refused with an example of one that is."""
    with pytest.raises(ValueError, match="say 90, 90s, 5m or 2h"):
        parse_duration(said)


def test_numbers_with_nouns() -> None:
    """Counted things agree with their number."""
    assert (counted(1, "row"), counted(2, "row"), count(1234567)) == ("1 row", "2 rows", "1,234,567")


def test_printable_disarms_terminal_commands() -> None:
    """A cell of somebody's file cannot clear the screen or reverse the text of whoever looks at it."""
    assert printable("a\x1b[2Jb\u202ec\td") == "a<U+001B>[2Jb<U+202E>c d"


@given(st.text())
def test_printable_is_printable(text: str) -> None:
    """Whatever comes in, what goes to the terminal is one line of printable characters."""
    assert printable(text).isprintable()


def test_width_of_wide_and_combining_characters() -> None:
    """Columns stay straight with accents and wide characters."""
    assert (width("abc"), width("日本"), width("e\u0301")) == (3, 4, 1)


def test_table_aligns_columns() -> None:
    """Numbers stand at the right, text at the left, nothing trails."""
    assert table(("LINE", "E-MAIL", "WHY"), [(7, "ä@x.ee", "no"), (120, None, "never")]) == [
        "LINE  E-MAIL  WHY",
        "   7  ä@x.ee  no",
        " 120          never",
    ]


def test_preview_shows_counts_examples_and_choices() -> None:
    """The preview says for every verdict what will happen, with the first invalid rows and why."""
    draft = Draft(
        "1" * 32,
        "previewed",
        rows=20,
        verdicts=Verdicts(new=10, existing_ok=1, existing_erred=2, existing_closed=3, invalid=4),
        notes=(FileNote("Read as Windows-1252.", line=1),),
    )
    bad = Row(4, 5, email="a@@b", error=RowError("EMAIL_INVALID", "This is not an e-mail address."))
    lines = preview(
        draft,
        "a\x1b.csv",
        "Course A",
        if_erred="leave",
        if_closed="reopen",
        examples={"invalid": [bad]},
    )
    assert lines == [
        "a<U+001B>.csv: 20 rows for Course A",
        "       10  will be created",
        "        1  has an account already: nothing to do",
        "        2  failed before: left as it is (--if-erred leave)",
        "        3  were closed: will be opened again",
        "        4  are invalid: skipped",
        "             line 5  a@@b  This is not an e-mail address.",
        "             … and 3 more",
        "  Note (line 1): Read as Windows-1252.",
    ]


@pytest.mark.parametrize(
    ("if_erred", "if_closed", "expected"),
    [("retry", "reopen", 111), ("leave", "reopen", 101), ("retry", "leave", 11), ("leave", "leave", 1)],
)
def test_choices_decide_how_many_are_created(if_erred: str, if_closed: str, expected: int) -> None:
    """Retrying and reopening count among the accounts asked for, only when chosen."""
    verdicts = Verdicts(new=1, existing_erred=10, existing_closed=100, existing_ok=1000, duplicate=10_000)
    assert to_create(verdicts, if_erred, if_closed) == expected  # type: ignore[arg-type]


def test_outcome_lists_failures_with_reasons_and_what_to_do() -> None:
    """The end of an import: which rows, why, what to do, the equation, the file to correct."""
    uuid = "ab" * 16
    status = ImportStatus(uuid, "finished", Counts(rows=300, created=297, failed=1, invalid=2))
    refused = Row(
        11,
        12,
        email="refused+a@x.ee",
        class_="failed",
        error=RowError("REFUSED", "The service refused.", "Check the address."),
    )
    invalid = Row(4, 5, class_="invalid")
    assert outcome(status, [refused, invalid]) == [
        "3 rows without an account, and why:",
        "",
        "  LINE  E-MAIL          CODE     WHY",
        "    12  refused+a@x.ee  REFUSED  The service refused.",
        "     5                  invalid",
        "  … and 1 more",
        "",
        "  REFUSED: Check the address.",
        "",
        "300 = 297 created + 1 failed + 2 invalid",
        f"To correct them: course-accounts failures {uuid} > fixed.csv",
        f"To correct one: course-accounts correct {uuid} --line LINE --email ADDRESS",
    ]


def test_outcome_of_a_clean_import_is_its_equation() -> None:
    """Nothing failed: one line says so."""
    status = ImportStatus("1" * 32, "finished", Counts(rows=3, created=2, existing=1))
    assert outcome(status, []) == ["3 = 2 created + 1 existing"]
