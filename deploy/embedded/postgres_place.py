"""Where a PostgreSQL's data lives when the wanted folder is out of its user's reach.

As an ordinary user: inside the wanted folder. As root the server runs as another user, who may not be
able to enter the wanted folder (a private home, say). Then the data has a place of its own under
``/var/lib/course-accounts``, and the wanted folder holds a link to it. No permission of an existing folder
is ever changed.
"""

import os
import pwd
import secrets
import shutil
from pathlib import Path

from .errors import StackError
from .paths import make_dir, os_error
from .reach import can_enter

_ELSEWHERE = Path("/var/lib/course-accounts")
_LINK = "place"


def place_for(home: Path, user: str | None) -> Path:
    """Return the folder for the server's own files, made and owned by its user.

    Args:
        home: the wanted folder; exists.
        user: who runs the server; None for ourselves.

    Raises:
        StackError: ``DATA_DIR_DAMAGED``, if the data was moved away; ``NOT_WRITABLE``; ``DISK_FULL``.
    """
    link = home / _LINK
    try:
        if link.is_symlink() and not link.exists():
            raise StackError(
                "DATA_DIR_DAMAGED",
                f"{home} points to the data in {link.readlink()}, which is gone.",
                f"Bring that folder back, or remove {home} to start with empty data.",
            )
        if not link.exists():
            if user is None or can_enter(home, user):
                link.mkdir(mode=0o700)
            else:
                away = make_dir(_ELSEWHERE) / f"postgres-{secrets.token_hex(6)}"
                away.mkdir(mode=0o700)
                link.symlink_to(away)
        place = link.resolve()
        if user is not None and place.stat().st_uid != pwd.getpwnam(user).pw_uid:
            _give(place, user)
    except OSError as error:
        raise os_error(error, home) from error
    return place


def discard(home: Path) -> None:
    """Remove a data folder and, where it lives elsewhere, its data; for data nobody wants any more."""
    link = home / _LINK
    if link.is_symlink():
        away = link.readlink()
        if away.parent == _ELSEWHERE:
            shutil.rmtree(away, ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)


def _give(place: Path, user: str) -> None:
    """Give the place and all in it to the user: the data may have been made when we were not root."""
    entry = pwd.getpwnam(user)
    for path in [place, *place.rglob("*")]:
        os.chown(path, entry.pw_uid, entry.pw_gid, follow_symlinks=False)
