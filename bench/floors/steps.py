"""A floor made of steps: each timed alone, all added up."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bench.measure import Clocks, Measured, between


class Steps:
    """Adds up what the steps of a floor took.

    Args:
        clocks: of the servers involved; our own process is the client of all of them.
        units: what every step does, in accounts, events, …
    """

    def __init__(self, clocks: Clocks, units: int) -> None:
        self._clocks = clocks
        self._units = units
        self._seconds: dict[str, float] = {}
        self._cpu: dict[str, float] = {}
        self._foreign: list[tuple[float, float]] = []
        self._load = 0.0

    @asynccontextmanager
    async def step(self, name: str, *, times: float = 1.0) -> AsyncIterator[None]:
        """Time what happens inside; it counts `times` times."""
        before, own = self._clocks.read(), time.process_time()
        yield
        own = time.process_time() - own
        done = between(before, self._clocks.read(), self._units)
        self._seconds[name] = self._seconds.get(name, 0.0) + done.seconds * times
        for process, seconds in {**done.cpu, "client": own}.items():
            self._cpu[process] = self._cpu.get(process, 0.0) + seconds * times
        self._foreign.append((done.foreign, done.seconds))
        self._load = done.load

    def total(self) -> Measured:
        """All steps together."""
        seconds = sum(span for _, span in self._foreign)
        return Measured(
            units=self._units,
            seconds=sum(self._seconds.values()),
            cpu=self._cpu,
            foreign=sum(share * span for share, span in self._foreign) / seconds if seconds else 0.0,
            load=self._load,
            steps=self._seconds,
        )
