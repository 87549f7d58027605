"""Answers about the rows of an import, for the API document: what `answers.py` and `files.py` make."""

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import Field

from schemas.row_class import RowClass
from services.common.http.account_answer import AccountPhase, AccountState
from services.common.http.documented import answer_headers, file_answer
from services.common.http.problem_answer import problems
from services.projector.web.documented import OTHER_ID, Answer, MaybeId, Next, example

EXAMPLE: Final = {
    "row": 3,
    "line": 4,
    "email": "kim@example.org",
    "description": "Group 1",
    "class": "failed",
    "duplicate_of": None,
    "account_uuid": OTHER_ID,
    "state": "Erred",
    "phase": None,
    "username": None,
    "error": {
        "code": "REFUSED",
        "message": "The account service refused this person.",
        "hint": "Ask the account service why.",
        "can_retry": True,
    },
    "closing": None,
    "attempts": 1,
    "next_attempt": None,
    "revision": 0,
    "notes": [],
    "suggestions": [],
}


class RowError(Answer):
    """What is wrong with a row."""

    code: str
    message: str
    hint: str
    can_retry: bool


class RowClosing(Answer):
    """How closing the account went for this row."""

    outcome: Literal["open", "kept", "failed"]
    code: str | None
    message: str
    hint: str


class ImportRow(Answer):
    """A row of an import and what became of it. Notes and suggestions belong to drafts; here there are none."""

    model_config = example(EXAMPLE)

    row: int = Field(description="counted from 1, without blank ones")
    line: int = Field(description="where it begins in the file, as an editor counts")
    email: str
    description: str
    class_: RowClass = Field(alias="class")
    duplicate_of: int | None = Field(description="the row that has the same address")
    account_uuid: MaybeId
    state: AccountState | None
    phase: AccountPhase | None
    username: str | None
    error: RowError | None
    closing: RowClosing | None
    attempts: int
    next_attempt: datetime | None
    revision: int = Field(description="how often it was corrected")
    notes: list[str] = Field(max_length=0)
    suggestions: list[str] = Field(max_length=0)


class ImportRows(Answer):
    """Rows in the order of the file."""

    model_config = example({"results": [EXAMPLE], "next": None})

    results: list[ImportRow]
    next: Next


ROWS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": ImportRows, "description": "A page of the rows that fit."},
    **problems(400, 404),
}
ROW: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": ImportRow, "description": "The row, in its last correction."},
    **problems(400, 404),
}


def csv_answer(says: str, example_lines: str) -> dict[int | str, dict[str, Any]]:
    """A file of rows; `example_lines` as in the file, with single line feeds."""
    answer = file_answer(
        f"{says} A cell that looks like a formula has an apostrophe in front.",
        example=example_lines.replace("\n", "\r\n"),
    )
    headers = answer_headers(Content_Disposition="a name for the file")
    return {200: answer | {"headers": headers}, **problems(404)}


FAILURES: Final = csv_answer(
    "Failed and invalid rows: when they are corrected, the file can be uploaded as it is.",
    "email,description,row,line,error_code,error\n"
    "kim@example.org,Group 1,3,4,REFUSED,The account service refused this person.\n",
)
CREATED: Final = csv_answer(
    "What this import created.",
    "email,description,username,row,line\nada@example.org,Group 1,ca-ada-7f3k,1,2\n",
)
EVERYTHING: Final = csv_answer(
    "All rows and what became of each.",
    "email,description,class,error_code,error,username,row,line,duplicate_of,account_uuid\n"
    f"ada@example.org,Group 1,created,,,ca-ada-7f3k,1,2,,{OTHER_ID}\n",
)
