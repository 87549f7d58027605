"""Only a broker that is ready to work counts as one."""

import asyncio
import struct

import pytest

from deploy.embedded import kafka_probe
from deploy.embedded.ports import LOOPBACK


def _says(mark: int, brokers: int) -> bytes:
    return struct.pack(">iiii", 12, mark, 0, brokers)


@pytest.mark.parametrize(
    ("said", "ready"),
    [
        (_says(1, 1), True),
        (_says(1, 0), False),
        (_says(7, 1), False),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", False),
        (b"", False),
    ],
    ids=["a broker", "not yet in the cluster", "answers another question", "a web server", "silent"],
)
async def test_who_answers(said: bytes, ready: bool) -> None:
    """Another program may have taken the port; what it says is no broker's answer."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(said)
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(serve, LOOPBACK)
    async with server:
        port = server.sockets[0].getsockname()[1]
        assert await kafka_probe.answers(LOOPBACK, port) is ready
