"""`python -m deploy.account_service`: run the simulated account service."""

import asyncio
import sys

import uvloop

from deploy.account_service.bootstrap import serve
from deploy.account_service.journal import JournalDamaged
from deploy.account_service.settings import Settings
from deploy.account_service.writer import JournalBusy, JournalLost
from services.common.logging import configure_logging
from services.common.settings import SettingsError

EXIT_USAGE = 2
EXIT_CANNOT_RUN = 1
EXIT_DISK = 74


def main() -> int:
    """Run until stopped; the exit code says how it ended."""
    try:
        settings = Settings.load()
    except SettingsError as error:
        return _complain(str(error), EXIT_USAGE)
    configure_logging("account_service", log_format=settings.log_format, level=settings.log_level)
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
