"""One application a set, and the pointer that says which of them answers.

Fed sets are at the same place of the log in every snapshot, so an answer that a copy gives in the moment before it
has seen a swap is no step back: only the logic behind it is the older one.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass

import structlog
from fastapi import FastAPI, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from services.common.access import NotAllowed, NotSignedIn
from services.common.database import ACQUIRE_TIMEOUT_S, MISTAKES, OPERATIONAL_ERRORS, Pool
from services.common.http import Problem, staff_only
from services.common.http.cookies import first
from services.common.http.guard import Guard
from services.common.http.middleware import EveryRequest
from services.common.http.problems import access_problem, send_problem, temporarily_unavailable
from services.common.protection import Protection
from services.projector.push.wiring import short_way
from services.projector.sets.catalog import active_slot, known_sets
from services.projector.sets.model import KnownSet, SetState
from services.projector.web.other_sets import OTHER_SET

ASKED_SET = b"read-model-set"
"""A request header: which set should answer, if not the one that usually does; for staff."""

_WANTED = "course_accounts.wanted_set"
_FOUND = "course_accounts.found_set"
_LOOK_EVERY_S = 0.25
_ANSWERING = (SetState.FED, SetState.SCRATCH)

_log = structlog.get_logger(__name__)

OpenApp = Callable[[KnownSet], AbstractAsyncContextManager[FastAPI]]
"""Makes the application over one set, with connections of its own."""


Leave = Callable[[FastAPI], Awaitable[None]]


@dataclass(slots=True)
class _Served:
    app: FastAPI
    asgi: ASGIApp
    door: ASGIApp
    """Where who names a set that is not open is asked who they are, before anything is looked up."""
    known: KnownSet
    closing: AsyncExitStack


class Switch:
    """The application of the set that answers."""

    def __init__(
        self, pool: Pool, open_app: OpenApp, *, leave: Leave, protection: Protection | None = None
    ) -> None:
        """Serve nothing until `look`.

        Args:
            pool: where the pointer is read.
            open_app: makes the application over a set.
            leave: is told of an application that is not the answering one any more: those who follow it have to go.
            protection: how often somebody may name a set that is not open.
        """
        self._protection = protection or Protection()
        self._pool = pool
        self._open_app = open_app
        self._leave = leave
        self._served: dict[str, _Served] = {}
        self._active = ""
        self._change = asyncio.Lock()

    @property
    def active(self) -> str:
        """The set that answers, as last seen."""
        return self._active

    async def look(self) -> None:
        """See which set answers; open it where that is new, close those that are gone."""
        async with self._change:
            slot, _ = await active_slot(self._pool)
            known = {found.slot: found for found in await known_sets(self._pool)}
            if slot not in self._served or self._stale(slot, known):
                await self._close(slot)
                await self._open(known[slot])
            if slot != self._active:
                before, self._active = self._active, slot
                if before:
                    _log.info("another_set_answers", slot=slot, before=before)
                if before in self._served:
                    await self._leave(self._served[before].app)
            for other in [s for s in self._served if s != slot and self._stale(s, known)]:
                await self._close(other)

    async def run(self) -> None:
        """Look for ever; a database that is away is waited for."""
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            try:
                await self.look()
            except MISTAKES:
                raise
            except OPERATIONAL_ERRORS as error:
                _log.warning("sets_not_seen", error=type(error).__name__)

    async def let_go(self) -> None:
        """Let all go who follow an import, whichever set they follow it in."""
        for served in list(self._served.values()):
            await self._leave(served.app)

    async def close(self) -> None:
        """Close every application."""
        for slot in list(self._served):
            await self._close(slot)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request to the set that answers, or to the one that is asked for."""
        usual = self._served[self._active]
        slot = first(scope["headers"], ASKED_SET) if _may_ask(scope) else None
        if slot is None:
            await usual.asgi(scope, receive, send)
            return
        scope = {**scope, OTHER_SET: True}
        served = self._served.get(slot)
        if served is None:
            at_door = {**scope, _WANTED: slot}
            await usual.door(at_door, receive, send)
            served = at_door.get(_FOUND)
        if served is not None:
            await served.asgi(scope, receive, send)

    async def _find(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Behind the door: look for a set that is not open yet, for staff; answer if there is none."""
        try:
            await staff_only(Request(scope))
            scope[_FOUND] = await self._opened(scope[_WANTED])
        except Problem as problem:
            await send_problem(scope, receive, send, problem)
        except (NotSignedIn, NotAllowed) as error:
            await send_problem(scope, receive, send, access_problem(error))
        except MISTAKES:
            raise
        except OPERATIONAL_ERRORS as error:
            _log.warning("set_not_opened", error=type(error).__name__)
            await send_problem(scope, receive, send, temporarily_unavailable())

    async def _opened(self, slot: str) -> _Served:
        async with asyncio.timeout(ACQUIRE_TIMEOUT_S):
            await self._change.acquire()
        try:
            async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
                known = {found.slot: found for found in await known_sets(connection)}
            if slot not in known or known[slot].state not in _ANSWERING:
                raise Problem(
                    404,
                    "SET_UNKNOWN",
                    "There is no such set that can be asked (Read-Model-Set). Those of replays are in the list of "
                    "replays; without the header the usual one answers.",
                )
            if slot not in self._served:
                await self._open(known[slot])
            return self._served[slot]
        finally:
            self._change.release()

    def _stale(self, slot: str, known: dict[str, KnownSet]) -> bool:
        there = known.get(slot)
        return (
            there is None
            or there.state not in _ANSWERING
            or there.made_at != self._served[slot].known.made_at
        )

    async def _open(self, known: KnownSet) -> None:
        closing = AsyncExitStack()
        app = await closing.enter_async_context(self._open_app(known))
        guard = Guard(self._find, authenticator=app.state.authenticator, protection=self._protection)
        self._served[known.slot] = _Served(app, short_way(app), EveryRequest(guard), known, closing)

    async def _close(self, slot: str) -> None:
        if (served := self._served.pop(slot, None)) is not None:
            await served.closing.aclose()


def _may_ask(scope: Scope) -> bool:
    return scope["type"] == "http" and str(scope["path"]).startswith("/api/")
