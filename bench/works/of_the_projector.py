"""The figures of those who follow imports, by name."""

from bench.options import Options
from bench.pairs import Say
from bench.stack import Running
from bench.stats import Figure
from bench.works import p5a, p5b

NAMES = ("p5a", "p5b")
_ROWS_FOR_EACH = 20
"""Rows of an import for each poller of p5a; half as many for each stream and poll a second of p5b."""


async def measure(name: str, system: Running, chosen: Options, say: Say) -> list[Figure]:
    """Measure one of `NAMES`."""
    window = chosen.window / 4
    if name == "p5a":
        return await p5a.measure(
            system, pollers=max(1, chosen.rows // _ROWS_FOR_EACH), window=window, pairs=chosen.pairs,
            build=chosen.warm, say=say,
        )  # fmt: skip
    many = max(1, chosen.rows // (_ROWS_FOR_EACH // 2))
    return await p5b.measure(
        system,
        streams=many,
        per_second=many,
        window=2 * window,
        pairs=chosen.pairs,
        build=chosen.warm,
        say=say,
    )
