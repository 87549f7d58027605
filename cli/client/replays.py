"""Replays: sets of read models built again from the log."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from cli.client.api import Api, read
from cli.client.paging import by_cursor

_REPLAYS = "/api/replays"
WORKING = frozenset({"queued", "building", "comparing"})
POLL_S = 0.5


class ReplayError(msgspec.Struct, frozen=True):
    """Why a replay failed."""

    code: str
    message: str | None = None


class Place(msgspec.Struct, frozen=True):
    """The next offset in one partition."""

    topic: str
    partition: int
    next_offset: int


class Replay(msgspec.Struct, frozen=True):
    """A replay as it stands; `comparison` is shown by `cli.text.comparison`."""

    uuid: str
    kind: str
    state: str
    edition: str = ""
    set: str | None = None
    author: str = ""
    reason: str = ""
    asked: str | None = None
    started: str | None = None
    ended: str | None = None
    until: str | None = None
    until_offsets: list[Place] = []
    total: int = 0
    done: int = 0
    rate: float = 0.0
    seconds_left: float | None = None
    error: ReplayError | None = None
    equal: bool | None = None
    comparison: dict[str, Any] | None = None
    replaced_set: str | None = None
    commands: list[str] = []

    @property
    def working(self) -> bool:
        """Whether somebody works on it, or is going to."""
        return self.state in WORKING


def ask(api: Api, wanted: Mapping[str, Any]) -> tuple[Replay, bytes]:
    """Ask for a replay."""
    response = api.request("POST", f"{_REPLAYS}/", json=wanted)
    return read(response, Replay), response.content


def one(api: Api, uuid: str) -> tuple[Replay, bytes]:
    """A replay, and the answer's bytes."""
    response = api.get(f"{_REPLAYS}/{uuid}/")
    return read(response, Replay), response.content


def newest(api: Api) -> Iterator[bytes]:
    """Replays, newest first, each as its JSON bytes."""
    return by_cursor(api, f"{_REPLAYS}/", {"page_size": 50})


def command(api: Api, uuid: str, name: str, body: Mapping[str, Any] | None = None) -> tuple[Replay, bytes]:
    """Give a command: cancel, compare, swap, roll-back, clean-up."""
    response = api.request("POST", f"{_REPLAYS}/{uuid}/{name}/", json=dict(body or {}))
    return read(response, Replay), response.content
