"""Java's archive of Kafka's loaded classes: with it a broker is up in 1.5 s, without it in 3 to 5 s.

Only a convenience: Java goes on without an archive that is missing or does not fit. Needs Java 25.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from .jars import Progress, jars_dir
from .java import Java
from .paths import cache_dir, only_one

FIRST_JAVA = 25
_KEPT = 3


def archive_file(java: Java) -> Path | None:
    """Return where the archive for this Java is or would be, None if this Java cannot use one."""
    if java.major < FIRST_JAVA:
        return None
    seen = java.program.stat()
    mark = f"{java.program} {java.version} {seen.st_size} {seen.st_mtime_ns}"
    return jars_dir() / f"start-{hashlib.sha256(mark.encode()).hexdigest()[:12]}.aot"


def use_archive(java: Java) -> list[str]:
    """Return the flags that make Java use its archive, none if there is no archive."""
    file = archive_file(java)
    return [f"-XX:AOTCache={file}"] if file and file.is_file() else []


async def ensure_archive(
    java: Java, rehearse: Callable[[Path, Path], Awaitable[None]], progress: Progress = lambda _: None
) -> bool:
    """Make the archive if there is none; return whether there is one now.

    Args:
        java: for which Java.
        rehearse: runs a broker in the folder given first and lets Java write the archive to the file
            given second.
        progress: is told what takes a while.
    """
    file = archive_file(java)
    if file is None or not os.access(file.parent, os.W_OK):
        return False
    if file.is_file():
        return True
    with only_one(cache_dir() / "archive.lock"):
        if file.is_file():
            return True
        progress("Preparing Kafka for fast starts (once, about 15 s)")
        scratch = Path(tempfile.mkdtemp(prefix="rehearsal-", dir=cache_dir()))
        try:
            fresh = scratch / "start.aot"
            await rehearse(scratch, fresh)
            if not fresh.is_file():
                return False
            # Each environment has a Java of its own, and the archives are large: those of old ones go.
            others = sorted(file.parent.glob("start-*.aot"), key=lambda other: other.stat().st_mtime)
            for old in others[: -(_KEPT - 1)]:
                old.unlink(missing_ok=True)
            fresh.rename(file)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    return True
