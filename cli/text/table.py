"""A plain table: columns as wide as their widest cell, the last one as it is."""

from collections.abc import Sequence

from cli.text.safe import printable, width


def table(header: Sequence[str], rows: Sequence[Sequence[object]], *, indent: str = "") -> list[str]:
    """The lines of a table; cells that are numbers stand at the right, None is an empty cell."""
    shown = [[printable("" if cell is None else str(cell)) for cell in row] for row in rows]
    lines = [list(header), *shown]
    widths = [max(width(line[column]) for line in lines) for column in range(len(header))]
    right = [
        bool(rows) and all(isinstance(row[column], int) for row in rows) for column in range(len(header))
    ]
    return [indent + _line(line, widths, right) for line in lines]


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = []
    for cell, columns, at_right in zip(cells, widths, right, strict=True):
        gap = " " * (columns - width(cell))
        padded.append(gap + cell if at_right else cell + gap)
    return "  ".join(padded).rstrip()
