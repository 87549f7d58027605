"""Rows as people and programs see them. Pure."""

from typing import Any

from schemas.codes import explain
from schemas.row_class import RowClass
from services.projector.accounts.answers import state_word
from services.projector.accounts.view import Ending, Phase
from services.projector.web.answers import hex_id, utc

_WRONG = (RowClass.FAILED, RowClass.INVALID, RowClass.DUPLICATE)


def row_answer(row: Any) -> dict[str, Any]:
    """One row of the list."""
    return {
        "row": row["row"],
        "line": row["line"],
        "email": row["email"],
        "description": row["description"],
        "class": row["class"],
        "duplicate_of": row["duplicate_of"],
        "account_uuid": hex_id(row["account_id"]),
        "state": None if row["standing"] is None else state_word(row["standing"]),
        "phase": _phase(row),
        "username": row["username"],
        "error": _error(row),
        "closing": _closing(row),
        "attempts": row["attempts"] or 0,
        "next_attempt": utc(row["next_attempt_at"]),
        "revision": row["revision"],
        "notes": [],
        "suggestions": [],
    }


def code_and_sentence(row: Any) -> tuple[str, str]:
    """What is wrong with a failed, invalid or repeated row."""
    code = row["row_code"] or row["code"] or ""
    return code, row["message"] or explain(code).message


def is_wrong(row: Any) -> bool:
    """Whether something is wrong with a row, so that it has a code and a sentence."""
    return row["class"] in _WRONG


def _error(row: Any) -> dict[str, Any] | None:
    if not is_wrong(row):
        return None
    code, message = code_and_sentence(row)
    return {
        "code": code,
        "message": message,
        "hint": explain(code).hint,
        "can_retry": bool(row["can_retry"]),
    }


KEPT = {
    "other_claim": (
        "Another import asked for this account too.",
        "Close the account by itself when nobody needs it any more.",
    ),
    "not_creator": (
        "The account was not made by this import.",
        "Undo the import that made it, or close the account.",
    ),
    "not_created": ("No account was made for this row.", "Nothing to do."),
}
"""Why an undo left an account alone, by AccountKept.reason: a sentence and what to do."""


def _closing(row: Any) -> dict[str, Any] | None:
    """How closing the account went for this row: open, kept or failed, and why."""
    if row["kept"] is not None and row["class"] != RowClass.CLOSED:
        message, hint = KEPT.get(row["kept"], (f"Reason {row['kept']}.", ""))
        return {"outcome": "kept", "code": row["kept"].upper(), "message": message, "hint": hint}
    if row["phase"] not in (Phase.CLOSING, Phase.CLOSE_FAILED):
        return None
    outcome = Ending.FAILED if row["ending"] == Ending.FAILED else Ending.OPEN
    code = row["close_code"]
    known = explain(code) if code else None
    return {
        "outcome": outcome,
        "code": code,
        "message": known.message if known else "The account is being closed.",
        "hint": known.hint if known else "Nothing to do.",
    }


def _phase(row: Any) -> str | None:
    if row["class"] == RowClass.WAITING and row["paused"]:
        return Phase.WAITING_FOR_ACCOUNT_SERVICE
    phase: str | None = row["phase"]
    return phase
