"""The account service as the server sees it."""

from typing import Any

import msgspec

from cli.client.api import Api, read

_PATH = "/api/target/"


class Paused(msgspec.Struct, frozen=True):
    """An operator's pause."""

    by: str = ""
    reason: str = ""
    since: str | None = None


class LastMinute(msgspec.Struct, frozen=True):
    """What calls came to."""

    answered: int = 0
    unclear: int = 0
    not_taken: int = 0


class Calls(msgspec.Struct, frozen=True):
    """Calls of all copies together."""

    under_way: int = 0
    last_minute: LastMinute = LastMinute()


class Target(msgspec.Struct, frozen=True):
    """How the account service stands."""

    name: str
    state: str
    since: str | None = None
    reason: str | None = None
    next_attempt: str | None = None
    paused: Paused | None = None
    rate: float | None = None
    copies: int = 0
    calls: Calls = Calls()


def show(api: Api) -> tuple[Target, bytes]:
    """How it stands, and the answer's bytes."""
    return _ask(api, "GET")


def pause(api: Api, reason: str) -> tuple[Target, bytes]:
    """Make no calls until it is resumed."""
    return _ask(api, "POST", "pause/", {"reason": reason})


def resume(api: Api) -> tuple[Target, bytes]:
    """Make calls again."""
    return _ask(api, "POST", "resume/")


def limit(api: Api, rate: float | None) -> tuple[Target, bytes]:
    """So many calls a second; None: no limit."""
    return _ask(api, "PATCH", body={"rate": rate})


def _ask(api: Api, method: str, path: str = "", body: dict[str, Any] | None = None) -> tuple[Target, bytes]:
    response = api.request(method, _PATH + path, **({} if body is None else {"json": body}))
    return read(response, Target), response.content
