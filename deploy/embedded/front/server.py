"""The front as something that starts, listens and stops."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from aiohttp import ClientSession, DummyCookieJar, TCPConnector, web

from deploy.embedded.front.page import Page
from deploy.embedded.front.pages import OWN
from deploy.embedded.front.protocol import FrontServer
from deploy.embedded.front.proxy import Limits, Proxy
from deploy.embedded.front.routes import Owner
from deploy.embedded.front.upstreams import Upstreams

# Shorter than the services' own (5 s), so that no request meets a closing connection.
_KEEPALIVE_TO_SERVICES = 2.0
_STOP_SECONDS = 0.5
# After a refusal in the middle of an upload: long enough for the client to read why, before we hang up.
_LINGER_SECONDS = 1.0


@asynccontextmanager
async def serving(
    urls: Mapping[Owner, tuple[str, ...]],
    *,
    host: str,
    port: int,
    limits: Limits | None = None,
    page: Page | None = None,
) -> AsyncIterator[int]:
    """Serve while the context is open; gives the port (useful with port 0).

    Raises:
        OSError: the port is taken.
    """
    connector = TCPConnector(limit=0, keepalive_timeout=_KEEPALIVE_TO_SERVICES)
    async with ClientSession(
        connector=connector,
        cookie_jar=DummyCookieJar(),
        auto_decompress=False,
        skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
    ) as session:
        upstreams = {owner: Upstreams(owner.value, copies) for owner, copies in urls.items()}
        proxy = Proxy(session, upstreams, limits=limits, own=OWN, page=page or Page())
        server = FrontServer(
            proxy, handler_cancellation=True, access_log=None, lingering_time=_LINGER_SECONDS
        )
        runner = web.ServerRunner(server, shutdown_timeout=_STOP_SECONDS)
        await runner.setup()
        try:
            site = web.TCPSite(runner, host, port)
            await site.start()
            bound: int = runner.addresses[0][1]
            yield bound
        finally:
            await runner.cleanup()
