"""Opening the page, where somebody sits at a screen."""

import threading
import webbrowser
from collections.abc import Mapping

_REMOTE = ("SSH_CONNECTION", "SSH_CLIENT", "CI")
"""Set where a window would open before nobody, or before somebody else."""
_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")


def has_screen(environ: Mapping[str, str], platform: str) -> bool:
    """Whether a window would be seen by whoever started us. `platform` as `sys.platform`."""
    if any(environ.get(name) for name in _REMOTE):
        return False
    return platform in ("darwin", "win32") or any(environ.get(name) for name in _SCREENS)


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
