"""A tiny proxy that spoils answers: what was asked for happens, and the one who asked does not hear of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spoil:
    """What becomes of calls that change something."""

    instead: bytes = b""
    """Said instead of the answer; nothing: the connection is cut."""
    reaches: bool = True
    """Whether the call reaches the server at all."""
    held: bool = False
    """Whether the answer is kept back for as long as the one who asked will wait."""
    only: bytes = b""
    """The method that is struck; nothing: any but GET."""
    at_most: int | None = None
    """How many calls are spoilt; None: all."""


class CuttingProxy:
    """Passes everything on, until it is told to spoil. One call a connection, as the server behind it has it."""

    def __init__(self, port: int) -> None:
        self._behind = port
        self._spoil: Spoil | None = None
        self.spoilt = 0
        self.port = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator["CuttingProxy"]:
        """Listen."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    @asynccontextmanager
    async def spoiling(self, spoil: Spoil) -> AsyncIterator[None]:
        """For a while."""
        self._spoil, self.spoilt = spoil, 0
        try:
            yield
        finally:
            self._spoil = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._exchange(reader, writer)
        except (OSError, EOFError):
            pass  # either side has gone
        finally:
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if b"content-length:" in line),
            0,
        )
        call = head + await reader.readexactly(length)
        spoil = self._strikes(call)
        if spoil is not None and not spoil.reaches:
            writer.write(spoil.instead)
            await writer.drain()
            return
        answer = await self._asked(call)
        if spoil is None:
            writer.write(answer)
        elif spoil.held:
            with suppress(OSError):
                await reader.read()  # until the one who asked has had enough
        else:
            writer.write(spoil.instead)
        await writer.drain()

    def _strikes(self, call: bytes) -> Spoil | None:
        spoil = self._spoil
        method = call.partition(b" ")[0]
        if spoil is None or self.spoilt == spoil.at_most:
            return None
        if method == b"GET" or (spoil.only and method != spoil.only):
            return None
        self.spoilt += 1
        return spoil

    async def _asked(self, call: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._behind)
        try:
            writer.write(call)
            return await reader.read()
        finally:
            writer.close()
