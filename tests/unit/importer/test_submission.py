"""When a draft may be submitted, by table."""

import pytest

from schemas.facts import IfExists
from services.importer.domain.submission import (
    Accepted,
    Again,
    Decision,
    DraftState,
    Refused,
    Submit,
    Submitted,
    decide,
)


def outcome(decision: Decision) -> str | tuple[int, str]:
    """What a decision comes to."""
    match decision:
        case Accepted():
            return "accepted"
        case Again():
            return "again"
        case Refused(status, code):
            return status, code


def command(
    preview_hash: str = "h", *, skip: bool = True, key: str | None = None, erred: str = "retry"
) -> Submit:
    """A request to submit."""
    choices = IfExists(erred="leave") if erred == "leave" else IfExists()
    return Submit(preview_hash=preview_hash, skip_invalid=skip, choices=choices, key=key)


@pytest.mark.parametrize(
    ("state", "given", "invalid", "expected"),
    [
        ("previewed", command(), 0, "accepted"),
        ("previewed", command(), 3, "accepted"),
        ("previewed", command(skip=False), 0, "accepted"),
        ("previewed", command(skip=False), 1, (409, "INVALID_ROWS")),
        ("previewed", command("other"), 0, (412, "PREVIEW_CHANGED")),
        ("reading", command(), 0, (409, "DRAFT_NOT_READY")),
        ("rejected", command(), 0, (409, "DRAFT_REJECTED")),
        ("expired", command(), 0, (409, "DRAFT_EXPIRED")),
    ],
)
def test_first_submission(
    state: DraftState, given: Submit, invalid: int, expected: str | tuple[int, str]
) -> None:
    """Only a preview that was seen as it is now can be submitted."""
    decision = decide(given, state=state, preview_hash="h", invalid=invalid, before=None)
    assert outcome(decision) == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("k", command(key="k"), "again"),
        ("k", command("other", key="k"), "again"),
        ("k", command(key="k", erred="leave"), (422, "IDEMPOTENCY_KEY_REUSED")),
        ("k", command(key="l"), (409, "ALREADY_SUBMITTED")),
        ("k", command(), (409, "ALREADY_SUBMITTED")),
        (None, command(), (409, "ALREADY_SUBMITTED")),
        (None, command(key="k"), (409, "ALREADY_SUBMITTED")),
    ],
)
def test_second_submission(first: str | None, second: Submit, expected: str | tuple[int, str]) -> None:
    """The same key is the same request; anything else is a second one."""
    before = Submitted(first, IfExists())
    assert outcome(decide(second, state="submitted", preview_hash="h", invalid=0, before=before)) == expected
