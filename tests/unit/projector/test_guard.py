"""Streams end when their reader may not see the import any more."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from fastapi import Request

from services.common.access import NotSignedIn, Principal
from services.projector.push.guard import Guard
from services.projector.push.stream import Stream
from services.projector.web.again import Again
from tests.support.waiting import until

MINE, OTHER = uuid4(), uuid4()


def request_of(token: str, **state: Any) -> Request:
    """A request that is signed in by `token`."""
    app = type("App", (), {"state": type("State", (), state)()})()
    headers = [(b"authorization", f"Token {token}".encode())]
    return Request({"type": "http", "scheme": "http", "headers": headers, "app": app})


def stream() -> Stream:
    """A stream with nothing to send."""
    return Stream(clock=lambda: 0.0, retry_ms=1000)


class People:
    """Who is behind a token, as it is now."""

    def __init__(self) -> None:
        self.roles: dict[str, set[UUID]] = {"ann": {MINE}, "ben": {MINE, OTHER}}
        self.trouble: Exception | None = None
        self.asked: list[str] = []

    async def ask(self, request: Request) -> Principal:
        """Who sent it."""
        name = request.headers["authorization"].removeprefix("Token ")
        self.asked.append(name)
        await asyncio.sleep(0)
        if self.trouble is not None:
            raise self.trouble
        if name not in self.roles:
            raise NotSignedIn
        return Principal(name, roles=dict.fromkeys(self.roles[name], "manager"))

    async def principal(self, authorization: str | None) -> Principal:
        """The same, as an authenticator has it."""
        return await self.ask(request_of((authorization or "").removeprefix("Token ")))


async def test_a_lost_role_ends_the_streams_of_that_project_only() -> None:
    """Streams of other people and of other projects go on; whoever lost the token loses all; nobody left, no rounds."""
    people, streams = People(), [stream() for _ in range(4)]
    guard = Guard(lambda one: one.drop(), people.ask, every_s=0.001)
    for one, (name, project) in zip(
        streams, (("ann", MINE), ("ben", MINE), ("ben", OTHER), ("ann", MINE)), strict=True
    ):
        guard.watch(one, request_of(name), project)
    await until(_true(lambda: len(people.asked) > 4), "rounds")
    assert not any(one.over for one in streams)
    people.roles["ben"] = {OTHER}
    await until(_true(lambda: streams[1].over), "the stream to end")
    assert [one.over for one in streams] == [False, True, False, False]
    del people.roles["ann"]
    streams[2].drop()
    await until(_true(lambda: all(one.over for one in streams)), "all streams to end")
    await until(_true(lambda: guard._round is None), "the rounds to end")


async def test_a_database_that_is_away_ends_no_stream() -> None:
    """Not knowing is no reason; the round after it knows."""
    people, one = People(), stream()
    people.trouble = TimeoutError()
    guard = Guard(lambda over: over.drop(), people.ask, every_s=0.001)
    guard.watch(one, request_of("ann"), MINE)
    await until(_true(lambda: len(people.asked) > 3), "rounds")
    assert not one.over
    people.trouble = None
    people.roles.clear()
    await until(_true(lambda: one.over), "the stream to end")


async def test_a_round_asks_once_for_all_streams_of_a_token() -> None:
    """A thousand streams, one question."""
    people = People()
    guard = Guard(lambda one: one.drop(), people.ask, every_s=0.01)
    for _ in range(1000):
        guard.watch(stream(), request_of("ann"), MINE)
    await until(_true(lambda: bool(people.asked)), "a round")
    assert len(people.asked) == 1


async def test_those_who_wait_with_one_token_share_one_look() -> None:
    """Also when it raises; the next look is a new one."""
    people, again = People(), Again()
    asks = [again.ask(request_of("ann", authenticator=people)) for _ in range(100)]
    assert {found.user_id for found in await asyncio.gather(*asks)} == {"ann"}
    assert len(people.asked) == 1
    del people.roles["ann"]
    gone = [again.ask(request_of("ann", authenticator=people)) for _ in range(10)]
    assert all(
        isinstance(found, NotSignedIn) for found in await asyncio.gather(*gone, return_exceptions=True)
    )
    assert people.asked == ["ann", "ann"]


def _true(condition: Callable[[], bool]) -> Any:
    async def check() -> bool:
        return condition()

    return check
