"""Opening the page, where somebody sits at a screen."""

import asyncio
import html
import threading
import webbrowser
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from .private_files import write_private

_REMOTE = ("SSH_CONNECTION", "SSH_CLIENT", "CI")
"""Set where a window would open before nobody, or before somebody else."""
_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")


def has_screen(environ: Mapping[str, str], platform: str) -> bool:
    """Whether a window would be seen by whoever started us. `platform` as `sys.platform`."""
    if any(environ.get(name) for name in _REMOTE):
        return False
    return platform in ("darwin", "win32") or any(environ.get(name) for name in _SCREENS)


READ_WITHIN_S: Final = 60.0
"""So long a browser may take to start and read where to go."""
_GO_ON: Final = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url={url}">
<title>Course accounts</title>
<p><a href="{url}">Go on to the page</a></p>
</html>
"""


class PageOpener:
    """Opens a window at an address with a secret in it, by way of a file that only its owner reads.

    What stands on a command line every user of the machine can read; an address that signs in must not.

    Args:
        file: in a folder of the owner's; it is there for a minute.
        pause: waits so many seconds.
    """

    def __init__(self, file: Path, *, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._file = file
        self._pause = pause
        self._task: asyncio.Task[None] | None = None

    def open(self, url: str) -> None:
        """Open the window, if there is a browser; without waiting for it.

        Raises:
            StackError: NOT_WRITABLE or DISK_FULL.
        """
        write_private(self._file, _GO_ON.format(url=html.escape(url)))
        if open_page(self._file.absolute().as_uri()):
            self._task = asyncio.create_task(self._forget())
        else:
            self.close()

    def close(self) -> None:
        """Take the file away, if it is still there."""
        if self._task is not None:
            self._task.cancel()
        self._remove()

    async def _forget(self) -> None:
        await self._pause(READ_WITHIN_S)
        self._remove()

    def _remove(self) -> None:
        with suppress(OSError):
            self._file.unlink(missing_ok=True)


def open_page(url: str) -> bool:
    """Open a window at `url`, without waiting for it; False where there is no browser with windows."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    in_terminal = isinstance(browser, webbrowser.GenericBrowser) and not isinstance(
        browser, webbrowser.BackgroundBrowser
    )
    if in_terminal:
        return False
    threading.Thread(target=browser.open, args=(url,), name="open-page", daemon=True).start()
    return True
