"""One attempt: a call to the account service, in the words of the domain."""

from collections.abc import Sequence

import structlog

from services.provisioner.account import Account, Closing, Pending, Stored
from services.provisioner.account.outcome import Failed, Gone, Made, NotTried, Outcome, Unclear
from services.provisioner.backends.outcomes import (
    Absent,
    CannotLookUp,
    Closed,
    Created,
    CreateResult,
    Exists,
    Found,
    FoundAccount,
    NotSent,
    NotSentCause,
    Refused,
    Unknown,
    UnknownCause,
)
from services.provisioner.backends.protocol import Backend, Capabilities, CreateRequest
from services.provisioner.courses.courses import Courses

logger = structlog.get_logger(__name__)

_NUL = "\x00"  # no table can store it
_BUSY = frozenset({NotSentCause.RATE_LIMITED, NotSentCause.UNAVAILABLE})
_REFUSES_US = frozenset(
    {NotSentCause.CREDENTIALS_REFUSED, NotSentCause.NOT_AUTHORISED, NotSentCause.MISCONFIGURED}
)


def without_a_call(stored: Stored, courses: Courses, *, unasked: bool) -> Outcome | None:
    """The outcome that needs no call; None: the account service must be asked.

    Not `unasked`, a process that died may have asked already: the account fails, but it may be there.
    """
    account = stored.account
    if isinstance(account.standing, Pending) and courses.over(account.project_id, account.order.course_ends):
        return Failed("COURSE_ENDED", settles=False, doubtful=not unasked)
    return None


async def attempt(backend: Backend, stored: Stored, *, timeout_s: float, settle: bool = False) -> Outcome:
    """Try to get the account made, or closed; `timeout_s` bounds one call.

    With `settle` nobody wants the account any more, but a call that nobody recorded may have made it: where the
    target can be asked, it is only looked for.
    """
    account, order = stored.account, stored.account.order
    if isinstance(account.standing, Closing):
        return await attempt_to_close(backend, stored, account.standing, timeout_s=timeout_s)
    if settle or not backend.capabilities.keys:
        # What a target can do is told with its token.
        unready = await backend.prepare()
        if unready is not None:
            return _not_tried(unready)
    if settle and backend.capabilities.look_up:
        match await backend.look_up(order.email, order.scope):
            case Found(existing) if _ours(existing, stored):
                return _adopted(existing)
            case Found() | Absent():
                return Gone()
            case NotSent() as unsent:
                return _not_tried(unsent)
            case Unknown(_, retry_after):
                return NotTried("TARGET_UNREACHABLE", retry_after, unanswered=True)
            case CannotLookUp():
                pass  # the same key is the best question there is
    if looks_first(backend.capabilities, account):
        seen = await _look(backend, stored)
        if seen is not None:
            return seen
    return outcome_of(await backend.create(_request(stored, timeout_s)), stored)


async def attempt_together(
    backend: Backend, accounts: Sequence[Stored], *, timeout_s: float
) -> list[Outcome]:
    """Try to get several accounts made by one call, each a plain create; each has its own outcome."""
    results = await backend.create_many([_request(stored, timeout_s) for stored in accounts])
    if len(results) != len(accounts):
        logger.error("array_answered_in_part", asked=len(accounts), answered=len(results))
        results = [Unknown(UnknownCause.MALFORMED_ANSWER)] * len(accounts)
    return [outcome_of(result, stored) for result, stored in zip(results, accounts, strict=True)]


def _request(stored: Stored, timeout_s: float) -> CreateRequest:
    return CreateRequest(str(stored.account.idempotency_key), stored.account.order.body, timeout_s)


def looks_first(target: Capabilities, account: Account) -> bool:
    """Whether to look for the account before asking for it (reliability R38).

    A target known to ignore keys could make a second account, also after a process that died before it could
    say so: look every time. One that declares nothing may honour keys: look when an outcome is unknown.
    """
    if target.keys:
        return False
    return target.look_up or (not target.declared and _is_unknown(account))


def _is_unknown(account: Account) -> bool:
    return isinstance(account.standing, Pending) and account.standing.effect_unknown


async def _look(backend: Backend, stored: Stored) -> Outcome | None:
    """What a look-up settles; None: there is no account, a create is safe."""
    found = await backend.look_up(stored.account.order.email, stored.account.order.scope)
    match found:
        case Found(existing) if _ours(existing, stored):
            return _adopted(existing)
        case Found(existing) if existing.owner is not None or existing.scope is not None:
            return Failed("ADDRESS_TAKEN")
        case CannotLookUp() if backend.capabilities.declared and _is_unknown(stored.account):
            # It said it could be asked, and cannot: asking for the account again could make a second one.
            return Unclear("TARGET_UNCERTAIN")
        case Absent() | CannotLookUp() | Found():
            # Nobody there, or nobody can say whose it is: the same key is the best question there is.
            return None
        case NotSent():
            return _not_tried(found)
        case Unknown(_, retry_after):
            return NotTried("TARGET_UNREACHABLE", retry_after, unanswered=True)


def outcome_of(result: CreateResult, stored: Stored) -> Outcome:
    """What the answer to a create means for the account."""
    match result:
        case Created(username) if _NUL in username:
            return Unclear("TARGET_UNCERTAIN")
        case Created(username, created_at, expires_at):
            return Made(username, created_at, expires_at)
        case Refused(code, message):
            return Failed("REFUSED", f"{code}: {message}".replace(_NUL, "�"))
        case Exists(found) if found is not None and _ours(found, stored):
            return _adopted(found)
        case Exists(found):
            # Nobody says whose: it may be what an earlier attempt, unanswered, has made.
            return Failed("ADDRESS_TAKEN", settles=found is not None)
        case Unknown(_, retry_after):
            return Unclear("TARGET_UNCERTAIN", retry_after)
        case NotSent():
            return _not_tried(result)


async def attempt_to_close(
    backend: Backend, stored: Stored, closing: Closing, *, timeout_s: float
) -> Outcome:
    """Try to get the account closed; one whose name nobody knows is looked up first."""
    username = closing.username
    if username is None:
        found = await _name_to_close(backend, stored, timeout_s)
        if not isinstance(found, str):
            return found
        username = found
    match await backend.close(username):
        case Closed():
            return Gone()
        case Refused():
            return Failed("CLOSE_REFUSED")
        case Unknown(_, retry_after):
            return Unclear("CLOSE_UNCERTAIN", retry_after)
        case NotSent() as unsent:
            return _not_closed(unsent)


async def _name_to_close(backend: Backend, stored: Stored, timeout_s: float) -> str | Outcome:
    """The name of an account that may exist, or what came of asking for it."""
    unready = await backend.prepare()  # what a target can do is told with its token
    if unready is not None:
        return _not_closed(unready)
    match await backend.look_up(stored.account.order.email, stored.account.order.scope):
        case Found(existing) if _ours(existing, stored):
            return existing.username
        case Found(existing) if existing.owner is None and existing.scope is None:
            return Failed("CANNOT_LOOK_UP")
        case Found() | Absent():
            return Gone()
        case CannotLookUp() if backend.capabilities.keys:
            return await _asked_by_its_key(backend, stored, timeout_s)
        case CannotLookUp():
            return Failed("CANNOT_LOOK_UP")
        case NotSent() as unsent:
            return _not_closed(unsent)
        case Unknown(_, retry_after):
            return NotTried("CLOSE_UNREACHABLE", retry_after, unanswered=True)


async def _asked_by_its_key(backend: Backend, stored: Stored, timeout_s: float) -> str | Outcome:
    """The same question gets the same answer: what it made is named, what it did not make is refused, or made now."""
    account = stored.account
    request = CreateRequest(str(account.idempotency_key), account.order.body, timeout_s)
    result = await backend.create(request)
    if isinstance(result, NotSent):
        return _not_closed(result)
    match outcome_of(result, stored):
        case Made(username):
            return username
        case Failed(settles=False):
            return Failed("CANNOT_LOOK_UP")
        case Failed():
            return Gone()
        case Unclear(_, retry_after):
            return Unclear("CLOSE_UNCERTAIN", retry_after)
        case other:
            return other


def _not_closed(result: NotSent) -> NotTried:
    return NotTried(f"CLOSE_{why_not_sent(result)}", result.retry_after)


def _not_tried(result: NotSent) -> NotTried:
    return NotTried(f"TARGET_{why_not_sent(result)}", result.retry_after)


def why_not_sent(result: NotSent) -> str:
    """The end of a code: whether waiting helps, or only somebody who mends an address or credentials."""
    if result.cause in _REFUSES_US:
        return "NOT_USABLE"
    return "BUSY" if result.cause in _BUSY else "UNREACHABLE"


def _ours(found: FoundAccount, stored: Stored) -> bool:
    """Whether an account at the target was made for this one: by key where shown, else by owner and scope."""
    if found.idempotency_key is not None:
        return found.idempotency_key == str(stored.account.idempotency_key)
    return found.owner == stored.account.order.owner and found.scope == stored.account.order.scope


def _adopted(found: FoundAccount) -> Made:
    return Made(found.username, found.created_at, found.expires_at, adopted=True)
