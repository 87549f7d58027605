"""Stands between a client and the front, passes everything on, and writes down which addresses were asked for."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

_REQUEST = re.compile(rb"(?:GET|HEAD|POST|PUT|PATCH|DELETE) (\S+) HTTP/1\.[01]\r\n")


class Recorder:
    """What a client asked for, through `url`."""

    def __init__(self) -> None:
        self.url = ""
        self.targets: list[str] = []

    def note(self, data: bytes) -> None:
        """Note the request lines in what a client sent."""
        self.targets += [target.decode("latin-1") for target in _REQUEST.findall(data)]


@asynccontextmanager
async def recording(url: str) -> AsyncIterator[Recorder]:
    """Record what comes for the server at `url`, while the context is open."""
    recorder = Recorder()
    front = urlsplit(url)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, there = await asyncio.open_connection(front.hostname, front.port)
        await asyncio.gather(_pass(reader, there, recorder), _pass(back, writer, None))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    recorder.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield recorder
    finally:
        server.close()


async def _pass(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, recorder: Recorder | None
) -> None:
    try:
        while data := await reader.read(65536):
            if recorder is not None:
                recorder.note(data)
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()
