"""What a command needs of its surroundings: streams, environment, time, a source of keys; tests bring their own."""

import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TextIO


class Clock(Protocol):
    """Time that passes."""

    def now(self) -> float:
        """Seconds since some fixed moment, never going back."""

    def sleep(self, seconds: float) -> None:
        """Return after that many seconds."""


class SystemClock:
    """The clock of this machine."""

    def now(self) -> float:
        """Seconds since some fixed moment, never going back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Return after that many seconds."""
        time.sleep(seconds)


def random_key() -> str:
    """A key nobody else has."""
    return os.urandom(16).hex()


@dataclass(frozen=True)
class World:
    """The surroundings of one command."""

    stdin: TextIO = field(default_factory=lambda: sys.stdin)
    stdout: TextIO = field(default_factory=lambda: sys.stdout)
    stderr: TextIO = field(default_factory=lambda: sys.stderr)
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    clock: Clock = field(default_factory=SystemClock)
    new_key: Callable[[], str] = random_key

    def out(self, text: str) -> None:
        """Write a line of data."""
        print(text, file=self.stdout, flush=True)

    def say(self, text: str = "") -> None:
        """Write a line that is not data."""
        print(text, file=self.stderr, flush=True)

    def agreed(self, question: str) -> bool:
        """Whether the person who sits here says yes; true where nobody can be asked."""
        if not self.can_ask:
            return True
        self.stderr.write(f"{question} [y/N] ")
        self.stderr.flush()
        return self.stdin.readline().strip().lower() in {"y", "yes"}

    @property
    def can_ask(self) -> bool:
        """A person sits in front of this and can answer a question."""
        return self.stdin.isatty() and self.stderr.isatty()

    @property
    def animated(self) -> bool:
        """Moving things may be drawn on stderr."""
        return self.stderr.isatty() and self.environ.get("TERM") != "dumb"
