"""Many readers of server-sent events in a process of its own: `python -m bench.readers HOST PORT`.

Standard input: the token, then the paths in one line; it ends when that is closed. Standard output: one line when each
reader has its first status, then JSON: how many lost their stream, and when each reader saw which version.
"""

import asyncio
import re
import sys
import time
from functools import partial
from typing import Final, cast

import orjson
import uvloop

_EVENT: Final = re.compile(rb"id: (\d+)\nevent: (status|reset)\n")
_KEPT: Final = 64
"""Bytes in which the beginning of an event may be cut off."""
_AT_ONCE: Final = 50
_CONNECT_WITHIN_S: Final = 60.0


class Reader(asyncio.Protocol):
    """One stream: notes the time of every status."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self._tail = b""
        self.seen: list[tuple[int, float]] = []
        self.lost = False
        self.first = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask."""
        cast("asyncio.Transport", transport).write(self._request)

    def data_received(self, data: bytes) -> None:
        """Look for statuses; the rest is not looked at."""
        now = time.time()
        text = self._tail + data
        end = 0
        for found in _EVENT.finditer(text):
            end = found.end()
            self.seen.append((int(found[1]), now))
        self._tail = text[max(end, len(text) - _KEPT) :]
        if self.seen and not self.first.done():
            self.first.set_result(None)

    def connection_lost(self, _exc: Exception | None) -> None:
        """Nobody asked for that."""
        self.lost = True
        if not self.first.done():
            self.first.set_result(None)


async def read(host: str, port: int, paths: list[str], token: str) -> None:
    """Read until standard input ends."""
    loop = asyncio.get_running_loop()
    readers: list[Reader] = []
    for path in paths:
        request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Token {token}\r\n\r\n".encode()
        _, reader = await loop.create_connection(partial(Reader, request), host, port)
        readers.append(reader)
        if len(readers) % _AT_ONCE == 0:
            await asyncio.wait_for(reader.first, _CONNECT_WITHIN_S)
    async with asyncio.timeout(_CONNECT_WITHIN_S):
        await asyncio.gather(*(reader.first for reader in readers))
    print("reading", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    sys.stdout.buffer.write(
        orjson.dumps({"lost": sum(r.lost for r in readers), "seen": [reader.seen for reader in readers]})
    )
    sys.stdout.flush()


def main() -> None:
    """Read the command line."""
    token = sys.stdin.readline().strip()
    paths = sys.stdin.readline().split()
    uvloop.run(read(sys.argv[1], int(sys.argv[2]), paths, token))


if __name__ == "__main__":
    main()
