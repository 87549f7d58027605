"""Whether a service says it is ready: one small question over one short connection, no client library."""

import asyncio


async def status(host: str, port: int, path: str, *, within: float = 2.0) -> int | None:
    """The HTTP status of a GET, or None if there is no answer in time (seconds)."""
    try:
        async with asyncio.timeout(within):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
                words = (await reader.readline()).split()
            finally:
                writer.transport.abort()
    except (OSError, TimeoutError, ValueError):
        return None
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else None
