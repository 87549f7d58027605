"""`python -m deploy.embedded.front`: listen until told to stop."""

import asyncio
import signal
import sys

import structlog
import uvloop

from deploy.embedded.front.server import serving
from deploy.embedded.front.settings import FrontSettings
from services.common.logging import configure_logging
from services.common.settings import SettingsError

log = structlog.get_logger()
EXIT_USAGE = 2


async def _run(settings: FrontSettings) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    try:
        async with serving(settings.urls(), host=settings.host, port=settings.port) as port:
            log.info("front_listening", host=settings.host, port=port)
            await stopped.wait()
    except OSError as error:
        reason = error.strerror or str(error)
        sys.exit(f"The front cannot listen on {settings.host}:{settings.port}: {reason}.")


if __name__ == "__main__":
    try:
        given = FrontSettings.load()
    except SettingsError as error:
        sys.stderr.write(f"front: {error}\n")
        sys.exit(EXIT_USAGE)
    configure_logging("front", log_format=given.log_format, level=given.log_level)
    uvloop.run(_run(given))
