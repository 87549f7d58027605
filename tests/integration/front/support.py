"""A front with real HTTP servers behind it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from aiohttp import ClientSession, web

from deploy.embedded.front.page import Page
from deploy.embedded.front.proxy import Limits
from deploy.embedded.front.routes import Owner
from deploy.embedded.front.server import serving

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
QUICK = Limits(body=2**20, connect=1.0, idle=0.5, total=5.0)


@asynccontextmanager
async def upstream(handler: Handler) -> AsyncIterator[str]:
    """A service: one handler behind a port of its own."""
    runner = web.ServerRunner(web.Server(handler, handler_cancellation=True), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@dataclass
class Front:
    """A front under test and a client for it."""

    url: str
    client: ClientSession


class Fronts:
    """Starts fronts; whatever it started ends with the test."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack

    async def service(self, handler: Handler) -> str:
        """Start a service and give its address."""
        return await self._stack.enter_async_context(upstream(handler))

    async def start(
        self, *, limits: Limits = QUICK, page: Page | None = None, **urls: tuple[str, ...]
    ) -> Front:
        """Start a front; services not named are away."""
        nowhere = ("http://127.0.0.1:1",)
        by_owner = {owner: urls.get(owner.value, nowhere) for owner in Owner}
        port = await self._stack.enter_async_context(
            serving(by_owner, host="127.0.0.1", port=0, limits=limits, page=page)
        )
        url = f"http://127.0.0.1:{port}"
        return Front(url, await self._stack.enter_async_context(ClientSession(url)))
