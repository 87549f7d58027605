"""The browser of the tests: the machine's own Chromium. Playwright drives it and downloads none."""

import os
import shutil

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NEEDED = "BROWSER_NEEDED"
"""Set by continuous integration: a missing browser is then a failure, not a reason to skip."""
MISSING = "NO BROWSER: tests/browser is not run. Install one (Debian: apt-get install chromium)."


def executable() -> str | None:
    """Where the browser is: the first of the usual names on the PATH; None: nowhere."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


def needed() -> bool:
    """Whether the tests must run."""
    return bool(os.environ.get(NEEDED))
