"""Surroundings for commands under test: streams that remember, time that passes only when it is asked to."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cli.world import World


class Stream(io.TextIOWrapper):
    """A text stream into memory, with a buffer like the real ones; a terminal if the test says so."""

    def __init__(self, text: str = "", *, terminal: bool = False) -> None:
        super().__init__(io.BytesIO(text.encode()), encoding="utf-8", newline="", write_through=True)
        self._terminal = terminal

    def isatty(self) -> bool:
        """Whether it pretends to be a terminal."""
        return self._terminal

    @property
    def text(self) -> str:
        """Everything written so far."""
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode()


@dataclass
class FakeClock:
    """Sleeping takes no time; `on_sleep` hears of it."""

    time: float = 1000.0
    slept: list[float] = field(default_factory=list)
    on_sleep: Callable[[float], None] | None = None

    def now(self) -> float:
        """Seconds since some fixed moment."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        assert seconds >= 0
        self.slept.append(seconds)
        self.time += seconds
        if self.on_sleep is not None:
            self.on_sleep(seconds)


@dataclass
class Surroundings:
    """A world and typed access to what the test wants to look at."""

    world: World
    stdout: Stream
    stderr: Stream
    clock: FakeClock


def surroundings(
    *, terminal: bool = False, typed: str = "", environ: Mapping[str, str] | None = None
) -> Surroundings:
    """Make a world; at a terminal, a person has typed `typed`."""
    stdin, stdout, stderr = Stream(typed, terminal=terminal), Stream(), Stream(terminal=terminal)
    clock = FakeClock()
    world = World(stdin, stdout, stderr, environ or {"TERM": "xterm"}, clock, lambda: "0123456789abcdef" * 2)
    return Surroundings(world, stdout, stderr, clock)
