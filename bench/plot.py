"""A picture of a run: ratios by pair, and where the CPU went."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from bench.stats import Figure, of_floor, of_work


def draw(figures: Sequence[Figure], file: Path) -> None:
    """Write the picture as a PNG file."""
    sheet, axes = plt.subplots(len(figures), 2, figsize=(11, 4 * len(figures)), squeeze=False)
    for (left, right), figure in zip(axes, figures, strict=True):
        _ratios(left, figure)
        _cpu(right, figure)
    sheet.tight_layout()
    sheet.savefig(file, dpi=110)
    plt.close(sheet)


def _ratios(axes: Axes, figure: Figure) -> None:
    numbers = range(1, len(figure.pairs) + 1)
    colours = ["tab:orange" if pair.marked else "tab:blue" for pair in figure.pairs]
    axes.bar(numbers, [pair.ratio for pair in figure.pairs], color=colours, width=0.6)
    axes.axhline(figure.goal, color="tab:red", linestyle="--", label=f"goal {figure.goal}")
    axes.axhline(figure.ratio.median, color="black", linewidth=1, label=f"median {figure.ratio.median:.2f}")
    axes.set(title=figure.title, xlabel="pair (orange: others were busy)", ylabel=f"work ÷ {figure.floor}")
    axes.set_xticks(list(numbers))
    axes.legend(loc="lower right")


def _cpu(axes: Axes, figure: Figure) -> None:
    names = list(dict.fromkeys([*figure.processes(of_work), *figure.processes(of_floor)]))
    bottoms = [0.0, 0.0]
    for name in names:
        values = [figure.cpu_us(name, of=of_work), figure.cpu_us(name, of=of_floor)]
        axes.bar(["work", "floor"], values, bottom=bottoms, label=name.replace("_", " "), width=0.6)
        bottoms = [bottom + value for bottom, value in zip(bottoms, values, strict=True)]
    axes.set(title=f"{figure.name}: where the CPU goes", ylabel=f"CPU-µs per {figure.unit}")
    axes.legend(fontsize="small")
