"""`course-accounts import` of files that need a word: other encodings, no header, pasted text, suggestions."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.cli.conftest import Call
from tests.integration.cli.course import DRAFT, IMPORT, SUBMIT
from tests.integration.cli.scripted import Answer, Script, problem
from tests.unit.cli.surroundings import Stream, surroundings

UPLOAD = "POST /api/import-drafts/"
AGAIN = f"PATCH /api/import-drafts/{IMPORT}/"
FIX = f"POST /api/import-drafts/{IMPORT}/fix/"

TYPO = {
    "code": "DOMAIN_TYPO", "kind": "note", "message": "The domain looks like a slip of the finger.",
    "hint": "Check the part after the @.", "count": 12, "first_row": 3, "first_line": 4,
    "suggestions": [
        {"code": "USE_DOMAIN", "message": "Use the well-known domain.", "like": "gmial.com", "count": 12,
         "example": {"row": 3, "email": "a@gmial.com", "value": "a@gmail.com"}},
    ],
}  # fmt: skip
SPACES = {
    "code": "EMAIL_SPACE", "kind": "row", "message": "There is a space inside the address.",
    "hint": "Remove the space.", "count": 2, "first_row": 1, "first_line": 2,
    "suggestions": [
        {"code": "REMOVE_SPACES", "message": "Remove the spaces.", "like": "spaces", "count": 2,
         "example": {"row": 1, "email": "a b@c.ee", "value": "ab@c.ee"}},
    ],
}  # fmt: skip
LOOKALIKE = {
    "code": "EMAIL_LOOKALIKE", "kind": "row", "message": "The address mixes alphabets.", "hint": "Look.",
    "count": 1, "first_row": 2, "first_line": 3,
    "suggestions": [
        {"code": "USE_PLAIN", "message": "Use plain characters.", "like": "x", "count": 1, "example": None},
        {"code": "KEEP_AS_IS", "message": "It is meant so.", "like": "x", "count": 1, "example": None},
    ],
}  # fmt: skip


def draft(**more: Any) -> dict[str, Any]:
    """A draft with something to say."""
    return {**DRAFT, "problems": [TYPO, SPACES, LOOKALIKE], **more}


def test_the_preview_groups_what_is_wrong(call: Call, script: Script, file: Path) -> None:
    """By cause, rows that are not taken first, with lines and what would help; and how the file was read."""
    seen = {"uuid": "9" * 32, "submitted": "2026-11-20T08:00:00+00:00", "created_by": "mari"}
    read = {"encoding": "windows-1257", "encoding_guessed": True, "delimiter": ";", "ignored_columns": ["Phone"],
            "seen_before": seen}  # fmt: skip
    script.on(UPLOAD, Answer(201, draft(file=read)))
    space = {
        "row": 1,
        "line": 2,
        "email": "a b@c.ee",
        "error": {"code": "EMAIL_SPACE", "detail": "after “a”"},
    }
    script.on(f"GET /api/import-drafts/{IMPORT}/rows/?code=EMAIL_SPACE&page_size=3",
              Answer(200, {"results": [space], "next": None}))  # fmt: skip
    script.on(f"GET /api/import-drafts/{IMPORT}/rows/?code=EMAIL_LOOKALIKE&page_size=3",
              Answer(200, {"results": [], "next": None}))  # fmt: skip
    _, here = call("import", file, "-p", "course-a")
    lines = here.stderr.text.splitlines()
    assert lines[1] == (
        "  Read as windows-1257 (a guess), with the delimiter semicolon. "
        "If that is wrong, say --encoding and --delimiter."
    )
    assert lines[2] == "  Ignored columns: Phone."
    assert lines[3].startswith("  The same file was imported on 2026-11-20 ")
    assert lines[3].endswith(f" by mari: {'9' * 32}")
    start = lines.index("  What is wrong or worth a look:")
    assert lines[start + 1 : start + 10] == [
        "        2  There is a space inside the address. (EMAIL_SPACE)",
        "             line 2  a b@c.ee  after “a”",
        "             … and 1 more",
        "           → Remove the spaces. a b@c.ee → ab@c.ee (2 rows: --fix)",
        "        1  The address mixes alphabets. (EMAIL_LOOKALIKE)",
        "             first on line 3",
        "           → Use plain characters. (1 row: --apply USE_PLAIN)",
        "           → It is meant so. (1 row: --apply KEEP_AS_IS)",
        "       12  note: The domain looks like a slip of the finger. (DOMAIN_TYPO)",
    ]


def test_fix_applies_what_needs_no_thought(call: Call, script: Script, file: Path) -> None:
    """And what is named besides; everything is listed; the draft as it is then is what is submitted."""
    script.on(UPLOAD, Answer(201, draft()))
    left = {**DRAFT, "preview_hash": "beef"}
    script.on(
        FIX,
        Answer(200, {"changed": 7, "added": 0, "more": True, "draft": draft()}),
        Answer(200, {"changed": 5, "added": 0, "more": False, "draft": draft()}),
        Answer(200, {"changed": 2, "added": 1, "more": False, "draft": left}),
    )
    code, here = call("import", file, "-p", "course-a", "--fix", "--apply", "USE_DOMAIN")
    assert code == 0
    assert [json.loads(asked.body) for asked in script.find(FIX)] == [
        {"code": "USE_DOMAIN", "like": "gmial.com"},
        {"code": "USE_DOMAIN", "like": "gmial.com"},
        {"code": "REMOVE_SPACES", "like": "spaces"},
    ]
    assert here.stderr.text.splitlines()[:2] == [
        "Fixed 12 rows: Use the well-known domain. a@gmial.com → a@gmail.com",
        "Fixed 2 rows, 1 row added: Remove the spaces. a b@c.ee → ab@c.ee",
    ]
    assert json.loads(script.find(SUBMIT)[0].body)["preview_hash"] == "beef"


def test_options_go_up_with_the_file(call: Call, script: Script, file: Path) -> None:
    """Encoding, delimiter and columns by number need no second reading."""
    call("import", file, "-p", "course-a", "--encoding", "windows-1257", "--delimiter", "semicolon",
         "--no-header", "--email-column", "2")  # fmt: skip
    body = script.find(UPLOAD)[0].body
    for part in (b"windows-1257", b"semicolon", b'{"header_line":0,"email":1}'):
        assert part in body
    assert script.find(AGAIN) == []


@pytest.mark.parametrize("readable", [True, False])
def test_a_column_by_its_heading(call: Call, script: Script, file: Path, readable: bool) -> None:
    """The file is looked at, then read again with the column of that name, also if it could not be read at first."""
    looked = {**DRAFT, "file": {"headings": ["Nimi", "Kontakt"]}}
    if readable:
        script.on(UPLOAD, Answer(201, looked))
    else:
        script.on(UPLOAD, problem(422, "EMAIL_COLUMN_MISSING", "No column is called `email`.", draft=IMPORT,
                                  choices={"columns": {"email": 1}}))  # fmt: skip
        script.on(f"GET /api/import-drafts/{IMPORT}/", Answer(200, {**looked, "state": "rejected"}))
    script.on(AGAIN, Answer(200, DRAFT))
    code, _ = call("import", file, "-p", "course-a", "--email-column", "kontakt")
    assert code == 0
    assert json.loads(script.find(AGAIN)[0].body) == {"columns": {"email": 1}}


def test_an_unreadable_file_names_the_options_that_help(call: Call, script: Script, file: Path) -> None:
    """A 422 with something to choose is said as options."""
    script.on(UPLOAD, problem(422, "HEADER_MISSING", "Line 1 holds an address.", line=1, draft=IMPORT,
                              choices={"columns": {"header_line": 0, "email": 0}}))  # fmt: skip
    code, here = call("import", file, "-p", "course-a")
    assert code == 1
    assert here.stderr.text.splitlines() == [
        "Error: Line 1 holds an address.",
        "  To read it after all, add: --no-header --email-column 1",
    ]


@pytest.mark.parametrize(
    ("arguments", "part", "name"),
    [(("--paste",), b'name="text"', b"pasted text"), (("-",), b'name="file"', b"standard input")],
)
def test_standard_input(
    call: Call, script: Script, arguments: tuple[str, ...], part: bytes, name: bytes
) -> None:
    """A file, or with --paste what somebody copied."""
    here = surroundings(typed="To: Ann <ann@example.org>; ben@example.org\n")
    code, _ = call("import", *arguments, "-p", "course-a", here=here)
    assert code == 0
    body = script.find(UPLOAD)[0].body
    assert part in body
    assert name in body
    assert b"To: Ann <ann@example.org>; ben@example.org" in body


def test_reading_moves_a_bar(call: Call, script: Script, file: Path) -> None:
    """On a terminal, while the server reads; elsewhere nothing is said of it."""
    reading = {**DRAFT, "state": "reading", "file": {"bytes": 1000, "bytes_read": 400}, "rows": 12345}
    script.on(UPLOAD, Answer(202, reading))
    script.on(f"GET /api/import-drafts/{IMPORT}/", Answer(200, reading), Answer(200, DRAFT))
    here = surroundings(terminal=True, typed="n\n")
    assert call("import", file, "-p", "course-a", here=here)[0] == 3
    assert "Reading" in here.stderr.text
    assert isinstance(here.stderr, Stream)
