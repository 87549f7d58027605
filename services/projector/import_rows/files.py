"""Rows of an import as lines of CSV files: what failed, what was created, everything. Pure."""

from typing import Any

from services.projector.import_rows.answers import code_and_sentence, is_wrong
from services.projector.web.answers import hex_id
from services.projector.web.files import Line

FAILURES_HEADER: Line = ("email", "description", "row", "line", "error_code", "error")
CREATED_HEADER: Line = ("email", "description", "username", "row", "line")
ROWS_HEADER: Line = (
    "email",
    "description",
    "class",
    "error_code",
    "error",
    "username",
    "row",
    "line",
    "duplicate_of",
    "account_uuid",
)


def failure(row: Any) -> Line:
    """A failed or invalid row, to be corrected."""
    return (row["email"], row["description"], row["row"], row["line"], *code_and_sentence(row))


def created(row: Any) -> Line:
    """A row with an account."""
    return (row["email"], row["description"], row["username"] or "", row["row"], row["line"])


def any_row(row: Any) -> Line:
    """Any row and what became of it."""
    return (
        row["email"],
        row["description"],
        row["class"],
        *(code_and_sentence(row) if is_wrong(row) else ("", "")),
        row["username"] or "",
        row["row"],
        row["line"],
        row["duplicate_of"],
        hex_id(row["account_id"]) or "",
    )
