"""What happened to an account, as plain sentences. Pure, and the only catalogue of them."""

from collections.abc import Callable
from datetime import datetime

from schemas.codes import explain
from services.projector.account_story.fold import Kind, Said
from services.projector.import_rows.answers import KEPT

_FOUND = {
    "ok": "The account was there already, so nothing was done for this row.",
    "pending": "The account was being made already for another row; this row shares its fate.",
    "erred": "The account had failed before, and was left so as the import asked.",
    "closed": "The account had been closed, and was left so as the import asked.",
}
_ASKED = {
    "person": "A person asked for another attempt.",
    "claim": "The row asked for another attempt at an account that had failed.",
}
_CAUSES = {
    "request": "A person asked to close the account.",
    "undo": "The account is to be closed because its import is undone.",
    "course_ended": "The account is to be closed because its course is over.",
    "project_deleted": "The account is to be closed because its course was deleted.",
    "correction": "The account is to be closed because its row was corrected to another address.",
}


def sentence_of(kind: int, said: Said, row: int) -> str:
    """One event as a sentence."""
    telling = _TELLINGS.get(kind)
    return f"Event {kind}." if telling is None else telling(said, row)


def _requested(said: Said, row: int) -> str:
    if said.revision:
        return f"Row {row} of an import, now corrected, asked for the account."
    return f"Row {row} of an import asked for the account."


def _met(said: Said, _row: int) -> str:
    return _FOUND.get(said.found or "", "The account was there already.")


def _cancelled(_said: Said, row: int) -> str:
    return f"What row {row} asked for was cancelled before anything was done."


def _created(said: Said, _row: int) -> str:
    if said.adopted:
        return f"The account {said.username} was found at the account service; it is ours."
    return f"The account {said.username} was made."


def _retried(said: Said, _row: int) -> str:
    if said.asked_by == "policy":
        return f"{_why(said.code)} The next try is due {_at(said.next_attempt)}."
    if said.life > 1 and said.code == "REOPENED":
        return "The row asked for a closed account, so it is made anew."
    return _ASKED.get(said.asked_by or "", "Another attempt was asked for.")


def _failed(said: Said, _row: int) -> str:
    unsure = " It may exist all the same." if said.effect == "unknown" else ""
    return f"The account could not be made: {said.message or _why(said.code)}{unsure}"


def _close_requested(said: Said, _row: int) -> str:
    return _CAUSES.get(said.cause or "", "The account is to be closed.")


def _closed(_said: Said, _row: int) -> str:
    return "The account is closed."


def _close_failed(said: Said, _row: int) -> str:
    then = "Nobody tries again by itself."
    if said.next_attempt is not None:
        then = f"The next try is due {_at(said.next_attempt)}."
    return f"{_why(said.code)} {then}"


def _kept(said: Said, _row: int) -> str:
    why, _ = KEPT.get(said.reason or "", ("", ""))
    return f"An undo or a correction left the account alone. {why}".rstrip()


_TELLINGS: dict[int, Callable[[Said, int], str]] = {
    Kind.REQUESTED: _requested,
    Kind.MET: _met,
    Kind.CANCELLED: _cancelled,
    Kind.CREATED: _created,
    Kind.RETRIED: _retried,
    Kind.FAILED: _failed,
    Kind.CLOSE_REQUESTED: _close_requested,
    Kind.CLOSED: _closed,
    Kind.CLOSE_FAILED: _close_failed,
    Kind.KEPT: _kept,
}


def _why(code: str | None) -> str:
    return explain(code or "").message


def _at(time: datetime | None) -> str:
    return "soon" if time is None else f"at {time:%Y-%m-%d %H:%M:%S} UTC"
