"""The points at the outside edges: inside the libraries that speak HTTP and Kafka, where our code cannot see them."""

import os
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import aiohttp
from aiokafka.producer.sender import SendProduceReqHandler

_KEY = re.compile(rb'"idempotencyKey":"([^"]+)"')


def watch_calls(reached: Callable[[str], None], note: Callable[[str, Any], None]) -> None:
    """Before a create is sent (`call_begins`), and when its answer is there, but nobody has seen it.

    `note` is told the keys of each call before it is made.
    """
    request = aiohttp.ClientSession._request

    async def watched(self: Any, method: str, url: Any, **options: Any) -> Any:
        if method != "POST" or not str(url).endswith("/accounts"):
            return await request(self, method, url, **options)
        reached("call_begins")
        note(_key(options.get("headers") or {}), options.get("data"))
        response = await request(self, method, url, **options)
        reached("call_answered")
        return response

    aiohttp.ClientSession._request = watched  # type: ignore[method-assign]


def watch_sending(reached: Callable[[str], None]) -> None:
    """When the broker has written what was sent (`sent`), but whoever sent it has not heard of it."""
    handle = SendProduceReqHandler.handle_response

    def watched(self: Any, response: Any) -> Any:
        reached("sent")
        return handle(self, response)

    SendProduceReqHandler.handle_response = watched


def noting(folder: Path | None) -> Callable[[str, Any], None]:
    """Writes down each account that is asked for, and when, in a file of this process: it survives a kill."""
    if folder is None:
        return lambda *_: None
    file = os.open(folder / str(os.getpid()), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(key: str, body: Any) -> None:
        keys = [key] if key else [found.decode() for found in _KEY.findall(body or b"")]
        now = time.time()
        os.write(file, "".join(f"{now:.3f} {one}\n" for one in keys).encode())

    return note


def _key(headers: Mapping[str, str]) -> str:
    return next((value for name, value in headers.items() if name.lower() == "idempotency-key"), "")
