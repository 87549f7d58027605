"""What a person may choose."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

NAMES = ("p1", "p2", "p7", "p3a", "p3b", "p3c", "p9", "p10", "p6", "p4a", "p4b", "p5a", "p5b")
LEAST_EVENTS = 16_000
"""Both sides are timed from their first batch on; with fewer events there may be nothing after it."""
_EVENTS_PER_ROW = 10
_STAGED_PER_ROW = 10


@dataclass(frozen=True, slots=True)
class Options:
    """Which figures, on how much, how often, and where the record goes."""

    names: tuple[str, ...]
    rows: int
    events: int
    staged: int
    pairs: int
    json: Path | None
    results: Path
    warm: bool = True
    """Whether a pass that is not counted goes first where nothing else needs it."""
    window: float = 20.0
    """Seconds for which a limited target is watched."""
    minutes: float = 1.0
    """How long the steady load lasts while a transaction is held open."""
    long_pairs: int = 1
    """Pairs of what takes minutes."""


def parse(arguments: Sequence[str] | None = None) -> Options:
    """Read the command line; ends the process on one that does not fit."""
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure the system against its raw parts, in one run on one machine.",
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; all if none is given"
    )
    parser.add_argument("--rows", type=_count, help="rows of an import (default 20000)")
    parser.add_argument(
        "--events", type=_count, help="events the projector reads (default ten a row, at least 16000)"
    )
    parser.add_argument(
        "--staged", type=_count, help="rows of a file that is previewed and published (default ten a row)"
    )
    parser.add_argument(
        "--pairs", type=_count, help="measurements, each between two of its floor (default 5; of p10 1)"
    )
    parser.add_argument(
        "--minutes", type=_minutes, help="steady load of p10, with and without a transaction held (default 1)"
    )
    parser.add_argument("--tiny", action="store_true", help="smallest sizes: does it still run?")
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="write the record there too (- for standard output)"
    )
    parser.add_argument(
        "--results",
        type=Path,
        default=Path(__file__).parent / "results",
        metavar="FOLDER",
        help="where record and plot of every run are kept",
    )
    chosen = parser.parse_args(arguments)
    unknown = sorted(set(chosen.names) - set(NAMES))
    if unknown:
        parser.error(f"there is no figure {', '.join(unknown)}; known: {', '.join(NAMES)}")
    rows = chosen.rows or (200 if chosen.tiny else 20_000)
    return Options(
        names=tuple(name for name in NAMES if name in chosen.names or not chosen.names),
        rows=rows,
        events=max(LEAST_EVENTS, chosen.events or rows * _EVENTS_PER_ROW),
        staged=chosen.staged or rows * _STAGED_PER_ROW,
        pairs=chosen.pairs or (1 if chosen.tiny else 5),
        json=chosen.json,
        results=chosen.results,
        warm=not chosen.tiny,
        window=2.0 if chosen.tiny else 20.0,
        minutes=chosen.minutes or (0.05 if chosen.tiny else 1.0),
        long_pairs=chosen.pairs or 1,
    )


def _minutes(text: str) -> float:
    number = float(text)
    if not 0.01 <= number <= 120:
        raise argparse.ArgumentTypeError("from 0.01 to 120")
    return number


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 10_000_000:
        raise argparse.ArgumentTypeError("from 1 to 10000000")
    return number
