"""Whether a broker really answers: one small question over one short connection, no client library."""

import asyncio
import struct

_METADATA, _VERSION, _MARK = 3, 5, 1
_QUESTION = struct.pack(">hhih6si?", _METADATA, _VERSION, _MARK, 6, b"are-up", 0, False)


async def answers(host: str, port: int, *, within: float = 2.0) -> bool:
    """Say whether a broker listens there that lists itself as ready to serve topics.

    An open port is not enough: a broker accepts connections a moment before the controller lets it work.
    """
    try:
        async with asyncio.timeout(within):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(struct.pack(">i", len(_QUESTION)) + _QUESTION)
                (size,) = struct.unpack(">i", await reader.readexactly(4))
                # our mark, throttle time, number of brokers
                answer = await reader.readexactly(min(size, 12))
            finally:
                writer.transport.abort()
    except (OSError, TimeoutError, asyncio.IncompleteReadError, struct.error):
        return False
    if len(answer) < 12:
        return False
    mark, _, brokers = struct.unpack(">iii", answer)
    # Who took the port before the broker did answers as well, and whatever it likes.
    return bool(mark == _MARK and brokers > 0)
