"""CPU and time: of named processes, of ourselves, and of everybody else on the machine."""

import gc
import os
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil

FOREIGN_LIMIT = 0.15
"""Share of the machine that others may use before a measurement is marked."""

_IDLE = ("idle", "iowait", "steal", "guest", "guest_nice")


@dataclass(frozen=True, slots=True)
class Measured:
    """One stretch of work. CPU in seconds by process; `steps` are seconds of its parts, if it has some."""

    units: int
    seconds: float
    cpu: Mapping[str, float]
    foreign: float = 0.0
    """Share of all cores that processes which are not ours used meanwhile, 0 to 1."""
    load: float = 0.0
    steps: Mapping[str, float] = field(default_factory=dict)
    values: Mapping[str, float] = field(default_factory=dict)
    """What else was seen, by a name that says the unit."""

    @property
    def rate(self) -> float:
        """Units a second."""
        return self.units / self.seconds

    def cpu_us(self, process: str) -> float:
        """Microseconds of CPU per unit."""
        return self.cpu.get(process, 0.0) / self.units * 1e6


@dataclass(frozen=True, slots=True)
class Reading:
    """Clocks at one moment, seconds."""

    at: float
    cpu: Mapping[str, float]
    ours: float
    machine: float


class Clocks:
    """Reads the clocks of named processes with all their descendants, ended ones included.

    Args:
        processes: ids by name; read anew at each reading, so it may change.
    """

    def __init__(self, processes: Mapping[str, Collection[int]]) -> None:
        self._processes = processes

    def read(self) -> Reading:
        """The clocks now. Costs some milliseconds of CPU, which count as the reader's."""
        at = time.perf_counter()
        times = psutil.cpu_times()
        machine = sum(value for name, value in times._asdict().items() if name not in _IDLE)
        by_name = {name: sum(map(_tree, pids)) for name, pids in self._processes.items()}
        return Reading(at, by_name, _tree(os.getpid()), machine)


def between(before: Reading, after: Reading, units: int, *, seconds: float | None = None) -> Measured:
    """What was measured from one reading to another.

    Args:
        before: the first.
        after: the second.
        units: what was done meanwhile, in accounts, events, …
        seconds: the time it took, if not all the time between the readings.
    """
    span = after.at - before.at
    others = (after.machine - before.machine) - (after.ours - before.ours)
    return Measured(
        units=units,
        seconds=span if seconds is None else seconds,
        cpu={name: max(0.0, after.cpu[name] - before.cpu.get(name, 0.0)) for name in after.cpu},
        foreign=max(0.0, others) / span / (os.cpu_count() or 1) if span > 0 else 0.0,
        load=os.getloadavg()[0],
    )


@contextmanager
def no_collections() -> Iterator[None]:
    """Keep the garbage collector from walking over prepared data while a floor is measured."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def machine_speed(rounds: int = 5) -> float:
    """Milliseconds a fixed piece of Python takes at this moment, the quickest of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        began = time.perf_counter()
        total = 0
        for number in range(100_000):
            total += number & 7
        best = min(best, time.perf_counter() - began)
    return best * 1000


def _tree(pid: int) -> float:
    """CPU seconds of a process and its descendants; those that ended are in their parent's account."""
    try:
        process = psutil.Process(pid)
        return sum(map(_own, [process, *process.children(recursive=True)]))
    except psutil.NoSuchProcess:
        return 0.0


def _own(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system)
