"""What is kept of a run: a JSON record, a plot, and the table that is printed."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

import orjson

from bench import plot, report
from bench.measure import Measured
from bench.options import Options
from bench.pairs import Say
from bench.stats import Figure, Pair, Spread

FORMAT = 1


def keep(
    began: datetime,
    chosen: Options,
    about: Mapping[str, object],
    figures: Sequence[Figure],
    *,
    say: Say,
) -> None:
    """Write record and plot where the options say, and print the table."""
    content = orjson.dumps(document(began, chosen, about, figures), option=orjson.OPT_INDENT_2) + b"\n"
    chosen.results.mkdir(parents=True, exist_ok=True)
    file = chosen.results / f"{began:%Y%m%dT%H%M%SZ}.json"
    file.write_bytes(content)
    plot.draw(figures, file.with_suffix(".png"))
    say(f"record and plot: {file} and .png")
    if chosen.json is not None and str(chosen.json) == "-":
        sys.stdout.write(content.decode())
        report.show(figures, about, to=sys.stderr)
        return
    if chosen.json is not None:
        chosen.json.write_bytes(content)
    report.show(figures, about, to=sys.stdout)


def document(
    began: datetime, chosen: Options, about: Mapping[str, object], figures: Sequence[Figure]
) -> dict[str, object]:
    """The record: everything measured, and where."""
    return {
        "format": FORMAT,
        "began": began.isoformat(),
        "options": {
            "names": chosen.names,
            "rows": chosen.rows,
            "events": chosen.events,
            "staged": chosen.staged,
            "pairs": chosen.pairs,
            "minutes": chosen.minutes,
        },
        **about,
        "figures": [_figure(figure) for figure in figures],
    }


def _figure(figure: Figure) -> dict[str, object]:
    return {
        "name": figure.name,
        "title": figure.title,
        "unit": figure.unit,
        "floor": figure.floor,
        "sizes": figure.sizes,
        "goal": figure.goal,
        "reached": figure.reached,
        "ratio": asdict(figure.ratio),
        "ratio_unmarked": _optional(figure.clean_ratio),
        "rate": asdict(figure.rate),
        "floor_rate": asdict(figure.floor_rate),
        "pairs": [_pair(pair) for pair in figure.pairs],
    }


def _optional(spread: Spread | None) -> dict[str, float] | None:
    return None if spread is None else asdict(spread)


def _pair(pair: Pair) -> dict[str, object]:
    return {
        "ratio": pair.ratio,
        "marked": pair.marked,
        "fixed_python_ms": pair.speed_ms,
        "before": _measured(pair.before),
        "work": _measured(pair.work),
        "after": _measured(pair.after),
    }


def _measured(measured: Measured) -> dict[str, object]:
    return {
        "units": measured.units,
        "seconds": measured.seconds,
        "foreign_share": measured.foreign,
        "load_average": measured.load,
        "cpu_seconds": dict(measured.cpu),
        "steps_seconds": dict(measured.steps),
        "values": dict(measured.values),
    }
