"""One account as it was decided, in Waldur's fields. Pure."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from schemas.codes import explain
from services.common.read_model import Seen
from services.provisioner.account import Account, Closed, Closing, Erred, Ok, Pending, Unwanted
from services.provisioner.api.answers import utc
from services.provisioner.backends.body import read_order

ACCOUNTS = "/api/marketplace-course-accounts/"


def account_answer(account: Account, seen: Seen, origin: str) -> dict[str, Any]:
    """The account as it is listed; as it was decided where the list is behind, or could not be asked."""
    answer = dict(seen.document or _ordered(account))
    if seen.document is None or not seen.current:
        answer |= _standing(account)
    return {**answer, "url": f"{origin}{ACCOUNTS}{account.account_id.hex}/"}


def retried(answer: dict[str, Any]) -> dict[str, Any]:
    """What a retry makes of an account, even if the next attempt is over before the answer is given."""
    return {**answer, **_stands("Pending", "queued")}


def _ordered(account: Account) -> dict[str, Any]:
    """What we know by ourselves: the project as it was when the account was asked for; no times, no customer."""
    order = read_order(account.order.body)
    project = account.project_id.hex
    return {
        "url": "",
        "uuid": account.account_id.hex,
        "created": None,
        "modified": None,
        "project": project,
        "project_uuid": project,
        "project_name": order.scope_name,
        "project_slug": order.scope,
        "project_start_date": _day(order.valid_from),
        "project_end_date": _day(order.valid_to),
        "user_uuid": _user(order.owner),
        "customer_uuid": None,
        "customer_name": None,
        "error_traceback": "",
        "email": order.email,
        "description": order.description,
    }


def _standing(account: Account) -> dict[str, Any]:
    match account.standing:
        case Pending(next_attempt_at=None):
            return _stands("Pending", "queued")
        case Pending(next_attempt_at=at, cause=cause):
            return {**_stands("Pending", "retry_scheduled", waits_for=cause), "next_attempt": utc(at)}
        case Ok(username):
            return _stands("OK", username=username)
        case Erred(code):
            return _stands("Erred", code=code)
        case Closing(username):
            return _stands("OK" if username else "Pending", "closing", username=username)
        case Closed() | Unwanted():
            return _stands("Closed")


def _stands(
    state: str,
    phase: str | None = None,
    *,
    username: str | None = None,
    code: str | None = None,
    waits_for: str | None = None,
) -> dict[str, Any]:
    why, waiting = (explain(one) if one else None for one in (code, waits_for))
    return {
        "state": state,
        "phase": phase,
        "username": username,
        "error_message": why.message if why else "",
        "error_code": code,
        "error_hint": why.hint if why else waiting.hint if waiting else "",
        "phase_message": waiting.message if waiting else "",
        "next_attempt": None,
    }


def _day(moment: date | datetime | None) -> str | None:
    if moment is None:
        return None
    return (moment.date() if isinstance(moment, datetime) else moment).isoformat()


def _user(text: str) -> str:
    """A user's id as the lists show it: without dashes if it is a UUID."""
    try:
        return UUID(text).hex
    except ValueError:
        return text
