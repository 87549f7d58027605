"""Who listens on a port: a kindness to the person whose port is taken, where the system tells."""

import re
import subprocess
from pathlib import Path

_LISTENING = "0A"


def holder_of(port: int) -> str | None:
    """The listening process as `name (process 123)`; None if that cannot be found out."""
    return _from_proc(port) if Path("/proc/net/tcp").exists() else _from_lsof(port)


def _from_proc(port: int) -> str | None:
    sockets = {f"socket:[{inode}]" for table in ("tcp", "tcp6") for inode in _inodes(table, port)}
    if not sockets:
        return None
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and _owns(process, sockets):
            return _named(process)
    return None


def _inodes(table: str, port: int) -> list[str]:
    try:
        lines = Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    except OSError:
        return []
    rows = [line.split() for line in lines]
    return [row[9] for row in rows if row[3] == _LISTENING and row[1].endswith(f":{port:04X}")]


def _owns(process: Path, sockets: set[str]) -> bool:
    try:
        return any(str(entry.readlink()) in sockets for entry in (process / "fd").iterdir())
    except OSError:  # another user's, or gone
        return False


def _named(process: Path) -> str:
    try:
        words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        words = []
    name = Path(words[0]).name if words and words[0] else "another program"
    if name.startswith("python") and "-m" in words[1:-1]:
        name = words[words.index("-m") + 1]
    return f"{name} (process {process.name})"


def _from_lsof(port: int) -> str | None:
    try:
        said = subprocess.run(
            ["lsof", "-nP", f"-iTCP:{port}", "-sTCP:LISTEN", "-Fpc"],
            capture_output=True,
            text=True,
            timeout=3,
            check=False,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"^p(\d+)\nc(.+)$", said, re.MULTILINE)
    return f"{found[2]} (process {found[1]})" if found else None
