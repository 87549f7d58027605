"""What a new token may be: never more than who makes it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.common.access import Principal


class CannotBeGranted(Exception):
    """There is no such token to be had. `field`: which wish is to blame; None: it is a matter of rights."""

    def __init__(self, field: str | None, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for. None: as usual."""

    user_id: str | None = None
    staff: bool = False
    may_write: bool = False
    projects: Sequence[UUID] | None = None
    expires: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """What is given."""

    user_id: str
    staff: bool
    may_write: bool
    projects: list[UUID] | None
    expires: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """Of tokens, in days."""

    usual: int
    most: int


def grant(
    maker: Principal, wish: Wish, *, now: datetime, lifetimes: Lifetimes, ends: datetime | None = None
) -> Grant:
    """What `maker` may give.

    Staff give anything to anybody. Everybody else gives to themselves, for projects they see, without staff rights.
    `ends`: when the token ends with which `maker` came; nothing that is made with it lasts longer.

    Raises:
        CannotBeGranted: it would be more than the maker has, or last too long.
    """
    user_id = wish.user_id or maker.user_id
    if not maker.may_write or (not maker.unlimited and user_id != maker.user_id):
        raise CannotBeGranted(None, "NOT_ALLOWED", "Only staff make tokens for others.")
    if wish.staff and not maker.unlimited:
        raise CannotBeGranted(None, "NOT_ALLOWED", "Only staff make tokens with the rights of staff.")
    return Grant(
        user_id=user_id,
        staff=wish.staff,
        may_write=wish.may_write,
        projects=_projects(maker, wish.projects),
        expires=_expires(wish.expires, now, lifetimes, ends),
        note=wish.note,
    )


def _projects(maker: Principal, wanted: Sequence[UUID] | None) -> list[UUID] | None:
    if wanted is None:
        return sorted(maker.roles) if maker.narrowed else None
    if not wanted:
        raise CannotBeGranted("projects", "INVALID_REQUEST", "Name a project, or leave `projects` out.")
    if not all(maker.sees(project) for project in wanted):
        raise CannotBeGranted(
            "projects", "PROJECT_UNKNOWN", "There is no such project, or you may not see it."
        )
    return sorted(set(wanted))


def _expires(wanted: datetime | None, now: datetime, lifetimes: Lifetimes, ends: datetime | None) -> datetime:
    if wanted is None:
        usual = now + timedelta(days=lifetimes.usual)
        return usual if ends is None else min(usual, ends)
    if wanted <= now:
        raise CannotBeGranted("expires", "INVALID_REQUEST", "This moment has passed.")
    if wanted > now + timedelta(days=lifetimes.most):
        sentence = f"A token lasts {lifetimes.most} days at most."
        raise CannotBeGranted("expires", "INVALID_REQUEST", sentence)
    if ends is not None and wanted > ends:
        sentence = (
            "A token does not outlive the one it is made with. Take a nearer end, or sign in to the page."
        )
        raise CannotBeGranted("expires", "EXPIRES_TOO_LATE", sentence)
    return wanted
