"""Tokens never allow more than who makes them has."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.common.access import Principal
from services.importer.access.granting import CannotBeGranted, Lifetimes, Wish, grant

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LIFETIMES = Lifetimes(usual=90, most=366)
A, B, C = (UUID(int=number) for number in (1, 2, 3))

STAFF = Principal("sam", staff=True)
MANAGER = Principal("mari", roles={A: "manager", B: "owner"})
READER = Principal("rita", roles={A: "manager"}, may_write=False)
NARROWED = Principal("nora", roles={A: "manager"}, narrowed=True)
NARROWED_STAFF = Principal("sam", staff=True, roles={A: "manager"}, narrowed=True)


@pytest.mark.parametrize(
    ("maker", "wish", "user", "projects"),
    [
        (STAFF, Wish(), "sam", None),
        (STAFF, Wish("mari", staff=True, may_write=True, projects=[C]), "mari", [C]),
        (MANAGER, Wish(may_write=True), "mari", None),
        (MANAGER, Wish("mari", projects=[B, A, B]), "mari", [A, B]),
        (NARROWED, Wish(), "nora", [A]),
        (NARROWED_STAFF, Wish(projects=[A]), "sam", [A]),
    ],
)
def test_what_is_given(maker: Principal, wish: Wish, user: str, projects: list[UUID] | None) -> None:
    """Staff give all; others what is theirs; a narrowed token makes narrowed ones. The usual time, if none is said."""
    given = grant(maker, wish, now=NOW, lifetimes=LIFETIMES)
    assert (given.user_id, given.projects, given.staff, given.may_write) == (
        user, projects, wish.staff, wish.may_write,
    )  # fmt: skip
    assert given.expires == NOW + timedelta(days=90)


def test_a_token_does_not_outlive_the_one_it_is_made_with() -> None:
    """Without a wish it ends with it; a later end is refused, a nearer one given; after a sign-in all is as usual."""
    tomorrow = NOW + timedelta(days=1)
    soon = NOW + timedelta(hours=1)
    assert grant(MANAGER, Wish(), now=NOW, lifetimes=LIFETIMES, ends=tomorrow).expires == tomorrow
    assert grant(MANAGER, Wish(expires=soon), now=NOW, lifetimes=LIFETIMES, ends=tomorrow).expires == soon
    later = Wish(expires=tomorrow + timedelta(seconds=1))
    with pytest.raises(CannotBeGranted) as refused:
        grant(STAFF, later, now=NOW, lifetimes=LIFETIMES, ends=tomorrow)
    assert (refused.value.field, refused.value.code) == ("expires", "EXPIRES_TOO_LATE")
    assert grant(MANAGER, later, now=NOW, lifetimes=LIFETIMES).expires == later.expires
    far = NOW + timedelta(days=91)
    assert grant(MANAGER, Wish(), now=NOW, lifetimes=LIFETIMES, ends=far).expires == NOW + timedelta(days=90)


@pytest.mark.parametrize(
    ("maker", "wish", "code"),
    [
        (MANAGER, Wish("sam"), "NOT_ALLOWED"),
        (MANAGER, Wish(staff=True), "NOT_ALLOWED"),
        (MANAGER, Wish(projects=[A, C]), "PROJECT_UNKNOWN"),
        (MANAGER, Wish(projects=[]), "INVALID_REQUEST"),
        (READER, Wish(), "NOT_ALLOWED"),
        (NARROWED, Wish(projects=[B]), "PROJECT_UNKNOWN"),
        (NARROWED_STAFF, Wish("mari"), "NOT_ALLOWED"),
        (NARROWED_STAFF, Wish(staff=True), "NOT_ALLOWED"),
        (NARROWED_STAFF, Wish(projects=[C]), "PROJECT_UNKNOWN"),
        (STAFF, Wish(expires=NOW), "INVALID_REQUEST"),
        (STAFF, Wish(expires=NOW + timedelta(days=367)), "INVALID_REQUEST"),
    ],
)
def test_what_is_not_given(maker: Principal, wish: Wish, code: str) -> None:
    """Others' tokens, rights of staff, projects one does not see, a token of a reader, a time too long or over."""
    with pytest.raises(CannotBeGranted) as refused:
        grant(maker, wish, now=NOW, lifetimes=LIFETIMES)
    assert refused.value.code == code
