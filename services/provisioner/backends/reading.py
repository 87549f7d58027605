"""From an HTTP answer to an outcome: pure, and total over whatever a foreign service may send."""

from datetime import UTC, datetime
from typing import Any

import orjson

from services.provisioner.backends.outcomes import (
    Absent,
    Closed,
    CloseResult,
    Created,
    CreateResult,
    Exists,
    Found,
    FoundAccount,
    Listed,
    NotSent,
    NotSentCause,
    Refused,
    Unknown,
    UnknownCause,
)
from services.provisioner.backends.protocol import Capabilities

MAX_USERNAME = 255
MAX_MESSAGE = 500
MAX_WAIT_SECONDS = 3600.0

MALFORMED = Unknown(UnknownCause.MALFORMED_ANSWER)

_KEY_IN_PROGRESS = frozenset({"IDEMPOTENCY_KEY_IN_PROGRESS", "IN_PROGRESS"})
_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
# Without a code of the service's own these speak of the connection's set-up, not of one account:
# failing every row for a wrong address or a missing permission would be final where waiting is right.
_SET_UP = {
    401: NotSentCause.NOT_AUTHORISED,
    403: NotSentCause.NOT_AUTHORISED,
    404: NotSentCause.MISCONFIGURED,
    405: NotSentCause.MISCONFIGURED,
    407: NotSentCause.MISCONFIGURED,
}


def decoded(data: bytes) -> Any:
    """The JSON in an answer, or None for what is not JSON."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return None


def retry_after(header: str | None, now: datetime) -> float | None:
    """Seconds to wait by a Retry-After header (a number or a date); at most an hour; None: not said."""
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return min(float(text), MAX_WAIT_SECONDS)
    try:
        moment = datetime.strptime(text, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    except ValueError:
        return None
    return min(max(0.0, (moment - now).total_seconds()), MAX_WAIT_SECONDS)


def created(status: int, answer: Any, wait: float | None) -> CreateResult:
    """The outcome of one create; `Exists` comes without the account, which is another call."""
    if 200 <= status < 300:
        return _made(answer)
    code, message = _error(answer)
    if status == 409:
        return Unknown(UnknownCause.IN_PROGRESS, wait) if code in _KEY_IN_PROGRESS else Exists(None)
    if code == _KEY_REUSED:
        # Nothing was done for this body, but an account may have been made for the other one.
        return Unknown(UnknownCause.KEY_REUSED)
    return failed(status, code, message, wait)


def closed(status: int, answer: Any, wait: float | None) -> CloseResult:
    """The outcome of a close: an unknown account is a closed one."""
    if 200 <= status < 300:
        return Closed()
    if status in {404, 410}:
        return Closed(already=True)
    code, message = _error(answer)
    return failed(status, code, message, wait)


def no_effect(status: int, answer: Any, wait: float | None) -> NotSent | Unknown:
    """The outcome of a call that does not concern one account only: never a refusal."""
    code, message = _error(answer)
    outcome = failed(status, code, message, wait)
    return NotSent(NotSentCause.MISCONFIGURED, wait) if isinstance(outcome, Refused) else outcome


def found(answer: Any, email: str, scope: str) -> Found | Absent | Unknown:
    """The live account of this address in a list of accounts; one bound to no scope holds in all."""
    if not isinstance(answer, list):
        return MALFORMED
    for item in answer:
        if not isinstance(item, dict) or not isinstance(item.get("email"), str):
            return MALFORMED
        if item["email"].lower() != email.lower() or item.get("status") == "closed":
            continue
        username = user_name(item.get("username"))
        if username is None:
            return MALFORMED
        if item.get("scopeSlug") in (None, scope):
            return Found(_account(username, item))
    return Absent()


def listed(answer: Any) -> Listed | Unknown:
    """One page of the live accounts."""
    items = answer.get("accounts") if isinstance(answer, dict) else None
    if not isinstance(items, list):
        return MALFORMED
    accounts = []
    for item in items:
        username = user_name(item.get("username")) if isinstance(item, dict) else None
        if username is None:
            return MALFORMED
        if item.get("status") != "closed":
            accounts.append(_account(username, item))
    return Listed(tuple(accounts), _text(answer.get("next")))


def _account(username: str, item: dict[str, Any]) -> FoundAccount:
    return FoundAccount(
        username=username,
        owner=_text(item.get("ownerUsername")),
        scope=_text(item.get("scopeSlug")),
        idempotency_key=_text(item.get("idempotencyKey")),
        created_at=moment(item.get("createdAt")),
        expires_at=moment(item.get("expiresAt")),
        email=_text(item.get("email")),
    )


def capabilities(answer: dict[str, Any]) -> Capabilities:
    """What a token answer declares; a foreign service declares nothing."""
    declared = answer.get("capabilities")
    if not isinstance(declared, dict):
        return Capabilities(declared=False)
    arrays = declared.get("arrays")
    return Capabilities(
        arrays=arrays if type(arrays) is int and 0 <= arrays <= 10_000 else 0,
        look_up=declared.get("lookUpByEmail") is True,
        keys=declared.get("idempotencyKeys") is True,
        listing=declared.get("listing") is True,
    )


def moment(value: Any) -> datetime | None:
    """A time or date as the service wrote it, in UTC; None for what is neither."""
    if not isinstance(value, str):
        return None
    try:
        parsed = datetime.fromisoformat(value)
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _made(answer: Any) -> CreateResult:
    account = answer.get("tempAccount") if isinstance(answer, dict) else None
    username = user_name(account.get("username")) if isinstance(account, dict) else None
    if not isinstance(account, dict) or username is None:
        return MALFORMED
    return Created(username, moment(account.get("createdAt")), moment(account.get("expiresAt")))


def failed(status: int, code: str | None, message: str, wait: float | None) -> Refused | Unknown | NotSent:
    """The outcome of a call that was answered with anything but a success."""
    if status == 429:
        return NotSent(NotSentCause.RATE_LIMITED, wait)
    if status == 503 and wait is not None:
        return NotSent(NotSentCause.UNAVAILABLE, wait)
    if status in {408, 425} or status >= 500:
        return Unknown(UnknownCause.SERVER_ERROR, wait)
    if 300 <= status < 400:
        return NotSent(NotSentCause.MISCONFIGURED)
    if not 400 <= status < 500:
        return MALFORMED
    if (code is None and status in _SET_UP) or status == 401:
        return NotSent(_SET_UP[status])
    return Refused(code or f"HTTP_{status}", message or f"The account service answered {status}.")


def _error(answer: Any) -> tuple[str | None, str]:
    """Code and message of a refusal, wherever services tend to put them."""
    if not isinstance(answer, dict):
        return None, ""
    inner = answer.get("error")
    source = inner if isinstance(inner, dict) else answer
    code = _text(source.get("code"))
    message = _text(source.get("message")) or _text(source.get("detail")) or _text(inner)
    return (code[:64] if code else None), (message or "")[:MAX_MESSAGE]


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def user_name(value: Any) -> str | None:
    """A user name as a service wrote it; None for what cannot be one."""
    text = _text(value)
    return text if text is not None and len(text) <= MAX_USERNAME and text.isprintable() else None
