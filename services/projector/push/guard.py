"""Sees to it that nobody follows an import who may not see it any more."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple
from uuid import UUID

import structlog
from fastapi import Request

from services.common.access import NotSignedIn, Principal
from services.common.database import MISTAKES, OPERATIONAL_ERRORS
from services.projector.push.stream import Stream
from services.projector.web.again import LOOK_AGAIN_S, credentials_of
from services.projector.web.answers import sees

_log = structlog.get_logger(__name__)


class _Reader(NamedTuple):
    stream: Stream
    project_id: UUID | None


class Guard:
    """Asks for the reader of every stream again and again: once a round for all with one token or session."""

    def __init__(
        self,
        leave: Callable[[Stream], None],
        ask: Callable[[Request], Awaitable[Principal]],
        *,
        every_s: float = LOOK_AGAIN_S,
    ) -> None:
        """Watch nobody yet.

        Args:
            leave: ends a stream.
            ask: who sent a request, as it is now; raises NotSignedIn.
            every_s: between two rounds.
        """
        self._leave = leave
        self._ask = ask
        self._every_s = every_s
        self._readers: dict[tuple[str, ...], tuple[Request, list[_Reader]]] = {}
        self._round: asyncio.Task[None] | None = None

    def watch(self, stream: Stream, request: Request, project_id: UUID | None) -> None:
        """Let a stream go on only as long as who asked for it sees the project."""
        _, readers = self._readers.setdefault(credentials_of(request), (request, []))
        readers.append(_Reader(stream, project_id))
        if self._round is None:
            self._round = asyncio.create_task(self._watch(), name="guard-streams")

    async def _watch(self) -> None:
        try:
            while self._readers:
                await asyncio.sleep(self._every_s)
                for who, (request, readers) in list(self._readers.items()):
                    readers[:] = [reader for reader in readers if not reader.stream.over]
                    if readers:
                        await self._look(request, readers)
                    else:
                        del self._readers[who]
        finally:
            self._round = None

    async def _look(self, request: Request, readers: list[_Reader]) -> None:
        try:
            principal = await self._ask(request)
        except NotSignedIn:
            principal = None
        except MISTAKES:
            raise
        except OPERATIONAL_ERRORS as error:  # not knowing is no reason: the next round knows
            _log.warning("readers_not_looked_up", error=type(error).__name__)
            return
        for reader in readers:
            if principal is None or not sees(principal, reader.project_id):
                self._leave(reader.stream)
