"""The points at the outside edges: inside the libraries that speak HTTP and Kafka, where our code cannot see them."""

from collections.abc import Callable
from typing import Any

import aiohttp
from aiokafka.producer.sender import SendProduceReqHandler


def watch_calls(reached: Callable[[str], None]) -> None:
    """Before a create is sent (`call_begins`), and when its answer is there, but nobody has seen it."""
    request = aiohttp.ClientSession._request

    async def watched(self: Any, method: str, url: Any, **options: Any) -> Any:
        if method != "POST" or not str(url).endswith("/accounts"):
            return await request(self, method, url, **options)
        reached("call_begins")
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
