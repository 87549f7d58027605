"""API tokens, and addresses that sign somebody in."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from cli.client.api import Api, read
from cli.client.paging import by_cursor

_PATH = "/api/tokens/"
_SIGN_INS = "/api/sign-ins/"


class Token(msgspec.Struct, frozen=True):
    """A token, without its secret."""

    uuid: str
    user_id: str
    staff: bool = False
    may_write: bool = False
    projects: list[str] | None = None
    note: str = ""
    created: str | None = None
    created_by: str | None = None
    expires: str | None = None
    last_used: str | None = None
    revoked: str | None = None


class NewToken(Token, frozen=True):
    """A token that was just made; `token` is its secret, which nobody can read again."""

    token: str = ""


class Invitation(msgspec.Struct, frozen=True):
    """An address that signs somebody in, once."""

    url: str
    user_id: str
    expires: str


def list_tokens(api: Api, *, user: str | None = None) -> Iterator[bytes]:
    """One's own tokens (of staff: all, or those of one user), each as its JSON bytes, the newest first."""
    wanted: dict[str, Any] = {"page_size": 300}
    return by_cursor(api, _PATH, wanted if user is None else {**wanted, "user": user})


def create_token(
    api: Api,
    *,
    user: str | None,
    staff: bool,
    may_write: bool,
    projects: list[str] | None,
    expires: datetime | None,
    note: str,
) -> tuple[NewToken, bytes]:
    """Make a token; it, and the answer's bytes. None: for oneself, for all one sees, for the usual time."""
    body = {
        "user_id": user,
        "staff": staff,
        "may_write": may_write,
        "projects": projects,
        "expires": None if expires is None else expires.isoformat(),
        "note": note,
    }
    response = api.request("POST", _PATH, json=body)
    return read(response, NewToken), response.content


def revoke_token(api: Api, token: str) -> None:
    """End a token, by its uuid."""
    api.request("DELETE", f"{_PATH}{token}/")


def invite(api: Api, user: str, *, staff: bool) -> tuple[Invitation, bytes]:
    """An address that signs somebody in; it, and the answer's bytes."""
    response = api.request("POST", _SIGN_INS, json={"user_id": user, "staff": staff})
    return read(response, Invitation), response.content
