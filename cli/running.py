"""Which local installations run now: `course-accounts up` leaves a note with its process id and data directory.

So that `course-accounts import …` in another terminal finds the server and its token without being told.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

READY_FILE = "ready.json"


class ReadyProject(msgspec.Struct, frozen=True):
    """A project of the running installation."""

    uuid: str
    name: str


class Ready(msgspec.Struct, frozen=True):
    """What a running installation says of itself, as far as this program reads it."""

    url: str
    token: str
    web_url: str | None = None
    projects: tuple[ReadyProject, ...] = ()


def default_data_dir(environ: Mapping[str, str]) -> Path:
    """Where `course-accounts up` keeps its data when nothing else is said."""
    base = environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "course-accounts"


def read_ready(path: Path) -> Ready | None:
    """The ready information in a file; None when there is none that can be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Ready)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


@contextmanager
def noted(data_dir: Path, environ: Mapping[str, str]) -> Iterator[None]:
    """While inside, others find the installation in `data_dir`; a home that cannot be written is no obstacle."""
    note = _notes(environ) / f"{os.getpid()}.json"
    with suppress(OSError):
        note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        note.write_text(json.dumps({"data_dir": str(data_dir.absolute())}))
    try:
        yield
    finally:
        with suppress(OSError):
            note.unlink(missing_ok=True)


def running(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """The data directories of the installations that run now, each once."""
    try:
        notes = sorted(_notes(environ).glob("*.json"))
    except OSError:
        return ()
    found: dict[Path, None] = {}
    for note in notes:
        if not _alive(note.stem):
            with suppress(OSError):
                note.unlink(missing_ok=True)
            continue
        with suppress(OSError, ValueError, KeyError, TypeError):
            found[Path(json.loads(note.read_bytes())["data_dir"])] = None
    return tuple(path for path in found if (path / READY_FILE).is_file())


def _notes(environ: Mapping[str, str]) -> Path:
    base = environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "course-accounts" / "running"


def _alive(pid: str) -> bool:
    if not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
