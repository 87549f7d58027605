"""`python -m deploy.account_service`: run the simulated account service."""

import asyncio
import logging
import os
import sys

import structlog
import uvloop

from deploy.account_service.bootstrap import serve
from deploy.account_service.journal import JournalDamaged
from deploy.account_service.settings import Settings, SettingsError, load
from deploy.account_service.writer import JournalBusy, JournalLost

EXIT_USAGE = 2
EXIT_CANNOT_RUN = 1
EXIT_DISK = 74


def _configure_logging(settings: Settings) -> None:
    as_json = settings.log_format == "json"
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([structlog.processors.format_exc_info] if as_json else []),
            structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[settings.log_level.upper()]
        ),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )


def main() -> int:
    """Run until stopped; the exit code says how it ended."""
    try:
        settings = load(os.environ)
    except SettingsError as error:
        return _complain(str(error), EXIT_USAGE)
    _configure_logging(settings)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve(settings))
    except (JournalBusy, JournalDamaged) as error:
        return _complain(str(error), EXIT_CANNOT_RUN)
    except JournalLost as error:
        return _complain(f"{error} Check the disk, then start again.", EXIT_DISK)
    except OSError as error:
        return _complain(f"The account service cannot start: {error.strerror or error}.", EXIT_CANNOT_RUN)
    return 0


def _complain(sentence: str, code: int) -> int:
    sys.stderr.write(sentence + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
