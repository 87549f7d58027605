"""Accounts in the words of the Waldur-compatible contract. Pure."""

from datetime import date
from typing import Any

from schemas.codes import explain
from schemas.row_class import Standing
from services.projector.accounts.view import Phase
from services.projector.web.answers import hex_id, text_id, utc

_WORDS = {
    Standing.PENDING: "Pending",
    Standing.WAITING: "Pending",
    Standing.OK: "OK",
    Standing.ERRED: "Erred",
    Standing.CLOSED: "Closed",
}
STATES = ("OK", "Closed", "Erred", "Pending")
PATH = "/api/marketplace-course-accounts/"


def state_word(standing: str) -> str:
    """One of Waldur's four words."""
    return _WORDS[Standing(standing)]


def standings_of(word: str) -> list[str]:
    """The standings behind one of the four words."""
    return [str(standing) for standing, its_word in _WORDS.items() if its_word == word]


def account_answer(row: Any, origin: str) -> dict[str, Any]:
    """One account; `origin` is scheme and host as the client sees them."""
    project = hex_id(row["project_id"])
    return {
        "url": f"{origin}{PATH}{row['account_id'].hex}/",
        "uuid": row["account_id"].hex,
        "created": utc(row["created"]),
        "modified": utc(row["modified"]),
        "project": project,
        "project_uuid": project,
        "project_name": row["project_name"],
        "project_slug": row["project_slug"],
        "project_start_date": _day(row["project_start_date"]),
        "project_end_date": _day(row["project_end_date"]),
        "user_uuid": text_id(row["requested_by"]),
        "username": row["username"],
        "customer_uuid": hex_id(row["customer_id"]),
        "customer_name": row["customer_name"],
        "state": state_word(row["standing"]),
        "phase": row["phase"],
        "error_message": _error(row),
        "error_traceback": "",
        **_why(row),
        "next_attempt": utc(row["next_attempt_at"]),
        "email": row["email"],
        "description": row["description"],
    }


def _error(row: Any) -> str:
    if row["standing"] != Standing.ERRED:
        return ""
    return row["message"] or explain(row["code"] or "").message


def _why(row: Any) -> dict[str, Any]:
    """The code and hint of what went wrong; `phase_message`: why it waits, or is not closed."""
    erred = row["standing"] == Standing.ERRED
    code = row["close_code"] if row["phase"] in (Phase.CLOSING, Phase.CLOSE_FAILED) else row["code"]
    waits = not erred and row["phase"] is not None and code
    return {
        "error_code": code if erred or row["phase"] == Phase.CLOSE_FAILED else None,
        "error_hint": explain(code).hint if code and (erred or waits) else "",
        "phase_message": explain(code).message if waits else "",
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
