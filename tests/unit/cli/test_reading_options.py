"""Options about a file, in the words of the API, and back."""

from typing import Any

import pytest

from cli.errors import Failure
from cli.reading_options import Reading, options_for

HEADINGS = ("Name", "E-post", "E-post", "Märkus")


def test_nothing_said_is_nothing_chosen() -> None:
    """The server finds everything out."""
    assert Reading().choices() == {}
    assert not Reading().by_heading


@pytest.mark.parametrize(
    ("reading", "choices"),
    [
        (Reading(encoding="windows-1257", delimiter="semicolon"),
         {"encoding": "windows-1257", "delimiter": "semicolon"}),
        (Reading(no_header=True, email_column="2"), {"columns": {"header_line": 0, "email": 1}}),
        (Reading(email_column="1", description_column="none"), {"columns": {"email": 0, "description": -1}}),
        (Reading(email_column="name", description_column="märkus "), {"columns": {"email": 0, "description": 3}}),
    ],
)  # fmt: skip
def test_choices(reading: Reading, choices: dict[str, Any]) -> None:
    """Columns count from 1 for people and from 0 in the API; a heading is found in any case."""
    assert reading.choices(HEADINGS) == choices


def test_headings_wait_until_the_file_was_seen() -> None:
    """Only what needs no look at the file is chosen at first."""
    reading = Reading(email_column="Name", description_column="4", encoding="utf-8")
    assert reading.by_heading
    assert reading.choices() == {"encoding": "utf-8", "columns": {"description": 3}}


@pytest.mark.parametrize("said", ["Phone", "E-post"])
def test_a_heading_must_be_there_once(said: str) -> None:
    """The sentence names the columns there are."""
    with pytest.raises(Failure, match=r"Name.*Märkus"):
        Reading(email_column=said).choices(HEADINGS)


def test_advice_is_the_choice_again() -> None:
    """What the API offers becomes options that mean the same."""
    offered = {
        "encoding": "windows-1250",
        "delimiter": "\t",
        "columns": {"header_line": 0, "email": 2, "description": -1},
    }
    assert options_for(offered) == (
        "--encoding windows-1250 --delimiter tab --no-header --email-column 3 --description-column none"
    )
    assert options_for({}) == ""
