"""When a draft may be submitted: a pure decision over the draft as stored, and what was asked."""

from dataclasses import dataclass
from typing import Literal

from schemas.facts import IfExists

DraftState = Literal["reading", "previewed", "rejected", "submitted", "expired"]


@dataclass(frozen=True, slots=True)
class Submit:
    """What is asked. `key`: the client's idempotency key, if it sent one."""

    preview_hash: str
    skip_invalid: bool
    choices: IfExists
    key: str | None


@dataclass(frozen=True, slots=True)
class Submitted:
    """What was submitted before."""

    key: str | None
    choices: IfExists


@dataclass(frozen=True, slots=True)
class Refused:
    """Why not, as HTTP says it."""

    status: int
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Again:
    """The same request as before: answer the same, do nothing."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """Go ahead."""


Decision = Accepted | Again | Refused

_NOT_NOW = {
    "reading": ("DRAFT_NOT_READY", "The file is still being read. Wait until the preview is there."),
    "rejected": (
        "DRAFT_REJECTED",
        "The file could not be read, so there is nothing to submit. Choose how to read it, or upload it again.",
    ),
    "expired": ("DRAFT_EXPIRED", "This draft has expired. Upload the file again."),
}


def decide(
    command: Submit,
    *,
    state: DraftState,
    preview_hash: str | None,
    invalid: int,
    before: Submitted | None,
) -> Decision:
    """Whether `command` may submit a draft in `state`; `before` is what was submitted, if something was."""
    if before is not None:
        return _again(command, before)
    if state in _NOT_NOW:
        return Refused(409, *_NOT_NOW[state])
    if command.preview_hash != preview_hash:
        return Refused(
            412,
            "PREVIEW_CHANGED",
            "This is not the preview you saw: it has changed since. Read the draft again, then submit.",
        )
    if invalid and not command.skip_invalid:
        return Refused(
            409,
            "INVALID_ROWS",
            f"{invalid} rows cannot be used. Correct the file, or submit with skip_invalid to leave them out.",
        )
    return Accepted()


def not_now(state: DraftState) -> Refused:
    """Why a draft in `state` cannot be changed; one whose file is gone counts as over its time."""
    if state == "submitted":
        return Refused(
            409, "ALREADY_SUBMITTED", "This draft was submitted already; nothing in it changes any more."
        )
    return Refused(409, *_NOT_NOW.get(state, _NOT_NOW["expired"]))


def _again(command: Submit, before: Submitted) -> Decision:
    if command.key is None or command.key != before.key:
        return Refused(
            409, "ALREADY_SUBMITTED", "This draft was submitted already; nothing is created twice."
        )
    if command.choices != before.choices:
        return Refused(
            422, "IDEMPOTENCY_KEY_REUSED", "This Idempotency-Key was used with other choices. Send a new key."
        )
    return Again()
