"""Somebody at a terminal: runs commands of `course-accounts` against an installation and reads what they print."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.installation import PROGRAM, Installation

_COMMAND_S = 120.0


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def last(self) -> dict[str, Any]:
        """The last line, which is JSON."""
        found: dict[str, Any] = json.loads(self.out.splitlines()[-1])
        return found


class Command:
    """A command under way."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._lines: list[str] = []

    async def first(self) -> dict[str, Any]:
        """The first line, once it is there, as JSON; more than one caller may ask."""
        assert self._process.stdout is not None
        if not self._lines:
            line = await asyncio.wait_for(self._process.stdout.readline(), _COMMAND_S)
            if not line:
                raise AssertionError(f"no line came: {await self.end()}")
            self._lines.append(line.decode())
        found: dict[str, Any] = json.loads(self._lines[0])
        return found

    async def end(self) -> Ended:
        """Wait for the end."""
        out, err = await asyncio.wait_for(self._process.communicate(), _COMMAND_S)
        return Ended(self._process.returncode or 0, "".join(self._lines) + out.decode(), err.decode())


class Person:
    """Works with one installation on this machine."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    async def begin(self, *words: object) -> Command:
        """Start a command against the installation."""
        here = ("--data-dir", str(self._installation.data_dir))
        process = await asyncio.create_subprocess_exec(
            PROGRAM,
            *map(str, words),
            *here,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=self._installation.environ(),
            cwd=self._installation.folder,
        )
        return Command(process)

    async def run(self, *words: object) -> Ended:
        """Run a command to its end."""
        return await (await self.begin(*words)).end()

    async def begin_import(self, file: Path, project: str) -> Command:
        """Start `import FILE --project P --wait --json`."""
        return await self.begin("import", file, "--project", project, "--wait", "--json")
