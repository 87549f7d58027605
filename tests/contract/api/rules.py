"""What each role may do, as words of a table: by kind of endpoint, role and course."""

from typing import Final, Literal

from tests.contract.api.people import ROLES

Rule = Literal[
    "open",
    "anybody",
    "lists",
    "lists tokens",
    "reads",
    "writes",
    "asks",
    "new token",
    "a token",
    "staff",
    "staff in a project",
]
"""
open: needs no sign-in.
anybody: who is signed in.
lists: the same; what belongs to a course is in it only for those who see the course.
lists tokens: the same; in it are one's own.
reads, writes: one thing of a course. To those who do not see the course it does not exist.
asks: something new in a course. An unseen course is a wrong value in the request.
new token: for oneself, by who may write.
a token, ends a token: one of the course's manager.
staff: operators' things.
staff in a project: seen by everybody with a role, written by staff.
"""
Place = Literal["own", "foreign"]
PLACES: Final[tuple[Place, ...]] = ("own", "foreign")
YES: Final = "yes"
"""The rights were enough. Of lists: and the course's thing is in it."""
NOT_IN_IT: Final = "without"
"""Of lists: it is answered, without the thing."""

_SEES: Final = {
    "own": {"reader", "manager", "owner", "staff"},
    "foreign": {"other manager", "staff"},
}
_HOLDS: Final = {"own": {"reader", "manager", "staff"}, "foreign": {"other manager", "staff"}}
"""Whose token it is, or who may see all."""


def expected(rule: Rule, role: str, place: Place) -> str:
    """`yes`, `without`, or the status of the refusal."""
    assert role in ROLES
    if rule == "open":
        return YES
    if role in ("nobody", "bad token"):
        return "401"
    sees, holds = role in _SEES[place], role in _HOLDS[place]
    reader = role == "reader"
    match rule:
        case "anybody":
            return YES
        case "lists":
            return YES if sees else NOT_IN_IT
        case "lists tokens":
            return YES if holds else NOT_IN_IT
        case "reads":
            return YES if sees else "404"
        case "writes":
            return "403" if reader else YES if sees else "404"
        case "asks":
            return "403" if reader else YES if sees else "400"
        case "new token":
            return "403" if reader else YES
        case "a token":
            return YES if holds else "404"
        case "ends a token":
            return "404" if not holds else "403" if reader else YES
        case "staff in a project":
            return "403" if reader else YES if role == "staff" else "403" if sees else "404"
    return YES if role == "staff" else "403"
