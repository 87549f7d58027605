"""The figures of the provisioner by itself, by name, and on how much each is measured."""

from typing import Final

from bench.options import Options
from bench.pairs import Say
from bench.stack import Running
from bench.stats import Figure
from bench.works import p3a, p3b, p3c, p9, p10

NAMES: Final = ("p3a", "p3b", "p3c", "p9", "p10")
_IN_ARRAYS: Final = 5
"""Accounts made in arrays for each that has a call of its own: they take about as long."""


async def measure(name: str, system: Running, chosen: Options, say: Say) -> list[Figure]:
    """Measure one of `NAMES`."""
    half = max(1, chosen.rows // 2)
    match name:
        case "p3a":
            return await p3a.measure(system, rows=chosen.rows, pairs=chosen.pairs, say=say)
        case "p3b":
            accounts = chosen.rows * _IN_ARRAYS
            return await p3b.measure(system, accounts=accounts, pairs=chosen.pairs, say=say)
        case "p3c":
            return await p3c.measure(system, window=chosen.window, pairs=chosen.pairs, say=say)
        case "p9":
            return await p9.measure(system, accounts=half, pairs=chosen.pairs, say=say)
        case _:
            return await p10.measure(
                system, minutes=chosen.minutes, burst=half, pairs=chosen.long_pairs, say=say
            )
