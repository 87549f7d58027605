"""Put the service together from its settings, and run it until told to stop."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import structlog
from aiohttp import web

from deploy.account_service.api import Api
from deploy.account_service.book import Book
from deploy.account_service.control import Control
from deploy.account_service.faults import FaultPlan
from deploy.account_service.guard import Guard
from deploy.account_service.registry import Registry
from deploy.account_service.settings import Settings
from deploy.account_service.stats import Stats
from deploy.account_service.tokens import Tokens
from deploy.account_service.writer import JournalWriter

MAX_BODY_BYTES = 1024 * 1024
_log = structlog.get_logger()


@asynccontextmanager
async def bootstrap(settings: Settings) -> AsyncIterator[tuple[web.Application, JournalWriter]]:
    """The application over its opened journal; the journal is flushed and closed at the end.

    Raises:
        JournalBusy, JournalDamaged: the journal cannot be used.
    """
    book = Book()
    journal = JournalWriter(settings.journal, book.apply)
    cut = journal.open()
    _log.info("journal_read", entries=journal.entries, accounts=len(book.accounts), cut_bytes=cut)
    plan = FaultPlan(seed=settings.seed, monotonic=time.monotonic)
    tokens = Tokens(
        client_id=settings.client_id,
        client_secret=settings.client_secret.get_secret_value(),
        lifetime_seconds=settings.token_lifetime_seconds,
        monotonic=time.monotonic,
    )
    stats = Stats(book, journal)
    registry = Registry(
        book, journal, plan, slow_seconds=settings.slow_seconds, now=lambda: datetime.now(UTC)
    )
    api = Api(registry, tokens, plan)
    guard = Guard(plan, tokens, stats)
    control = Control(
        token=settings.control_token.get_secret_value(),
        plan=plan,
        tokens=tokens,
        stats=stats,
        lost=journal.lost.done,
    )
    app = web.Application(client_max_size=MAX_BODY_BYTES)
    app.add_routes(
        [
            web.post("/oauth/token", guard.around("token", api.token, authenticated=False)),
            web.post("/accounts", guard.around("create", api.create, creates=True)),
            web.get("/accounts", guard.around("find", api.find)),
            web.get("/accounts/{username}", guard.around("read", api.read)),
            web.put("/accounts/{username}/close", guard.around("close", api.close)),
            *control.routes(),
        ]
    )
    try:
        yield app, journal
    finally:
        await journal.close()


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises:
        JournalLost: the disk no longer keeps what it is given; the process must end.
        OSError: the address cannot be listened on.
    """
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with bootstrap(settings) as (app, journal):
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=3)
        await runner.setup()
        try:
            await web.TCPSite(runner, settings.host, settings.port, backlog=1024).start()
            host, port = runner.addresses[0][:2]
            _log.info("account_service_ready", url=f"http://{host}:{port}")
            journal.lost.add_done_callback(lambda _: stop.set())
            await stop.wait()
        finally:
            await runner.cleanup()
        if journal.lost.done():
            journal.lost.result()
    _log.info("account_service_stopped")
