"""The table a person reads."""

from collections.abc import Mapping, Sequence
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bench.measure import FOREIGN_LIMIT
from bench.stats import Figure, Spread, of_floor, of_work


def show(figures: Sequence[Figure], about: Mapping[str, object], *, to: TextIO) -> None:
    """Print one table of ratios, and below it where the CPU went."""
    console = Console(file=to, width=None if to.isatty() else 120)
    console.print(_ratios(figures))
    for figure in figures:
        console.print(_cpu(figure))
    for line in _remarks(figures, about):
        console.print(Text(line))


def _ratios(figures: Sequence[Figure]) -> Table:
    table = Table(title="Work against its floor in the same run: median (least – most)")
    for name in ("what", "work, 1/s", "floor, 1/s", "ratio", "goal", "pairs"):
        table.add_column(name, justify="left" if name == "what" else "right")
    for figure in figures:
        table.add_row(
            f"{figure.title}\nagainst {figure.floor}",
            f"{figure.rate.median:,.0f}",
            f"{figure.floor_rate.median:,.0f}",
            Text(_ratio(figure.ratio), style="bold green" if figure.reached else "bold red"),
            f"≥ {figure.goal}",
            _count(figure),
        )
    return table


def _ratio(spread: Spread) -> str:
    return f"{spread.median:.2f} ({spread.least:.2f} – {spread.most:.2f})"


def _count(figure: Figure) -> str:
    marked = len(figure.pairs) - len(figure.clean)
    return f"{len(figure.pairs)}, {marked} marked" if marked else str(len(figure.pairs))


def _cpu(figure: Figure) -> Table:
    table = Table(title=f"{figure.name}: CPU-µs per {figure.unit}, medians")
    table.add_column("")
    names = list(dict.fromkeys([*figure.processes(of_work), *figure.processes(of_floor)]))
    for name in (*names, "all"):
        table.add_column(name.replace("_", " "), justify="right")
    for title, of in (("work", of_work), ("floor", of_floor)):
        values = [figure.cpu_us(name, of=of) for name in names]
        table.add_row(title, *(f"{value:,.0f}" if value else "–" for value in values), f"{sum(values):,.0f}")
    return table


def _remarks(figures: Sequence[Figure], about: Mapping[str, object]) -> list[str]:
    lines = []
    for figure in figures:
        for title, pick in (("work", of_work), ("floor", of_floor)):
            steps = list(dict.fromkeys(step for pair in figure.pairs for step in pick(pair).steps))
            if steps:
                parts = ", ".join(f"{step} {figure.step_us(step, of=pick):,.0f}" for step in steps)
                lines.append(f"{figure.name} {title}, µs per {figure.unit} by step: {parts}")
            for name in dict.fromkeys(name for pair in figure.pairs for name in pick(pair).values):
                seen = figure.value(name, of=pick)
                lines.append(
                    f"{figure.name} {title}, {name}: {seen.median:,.2f} ({seen.least:,.2f} – {seen.most:,.2f})"
                )
        if (clean := figure.clean_ratio) is not None:
            lines.append(f"{figure.name}, unmarked pairs only: {_ratio(clean)}")
        if len(figure.clean) < len(figure.pairs):
            lines.append(
                f"{figure.name}: in {len(figure.pairs) - len(figure.clean)} of {len(figure.pairs)} pairs others "
                f"used more than {FOREIGN_LIMIT:.0%} of the machine."
            )
    machine = about.get("machine")
    if isinstance(machine, Mapping):
        lines.append(", ".join(f"{name} {value}" for name, value in machine.items()))
    return lines
