"""P7, the importer's part: ten times the rows take ten times as long, and not more memory."""

from dataclasses import replace
from typing import Final

from bench.measure import Measured
from bench.pairs import Say, measure_pairs
from bench.rows import sample
from bench.stats import Figure
from bench.works.own_importer import OwnImporter
from bench.works.p1 import staged_once

GOAL: Final = 0.85
"""Rows a second of the large file against the small one: linear within 15 %."""
_SMALL: Final = 0.5
_LARGE: Final = 5
_LEAST_MEMORY: Final = 0.05


async def measure(importer: OwnImporter, *, rows: int, pairs: int, say: Say) -> Figure:
    """Stage files of half of `rows` and of five times as many, in turns; memory also of a twentieth."""
    few, small, large = (max(1, round(rows * part)) for part in (_LEAST_MEMORY, _SMALL, _LARGE))
    bodies = {count: sample(count, 7).csv() for count in (few, small, large)}
    say(f"one file of {few:,} rows for its memory")
    least = (await importer.stage(bodies[few], few)).peak_mib
    await importer.forget()

    async def staged(count: int) -> Measured:
        return await staged_once(importer, bodies[count], count)

    async def floor(_: int) -> Measured:
        done = await staged(small)
        return replace(done, values={**done.values, f"peak memory for {few:,} rows, MiB": least})

    async def work(_: int) -> Measured:
        return await staged(large)

    measured = await measure_pairs(pairs, floor=floor, work=work, say=say)
    return Figure(
        name="p7",
        title=f"P7: upload to complete preview, {large:,} rows",
        unit="row",
        floor=f"itself with {small:,} rows",
        goal=GOAL,
        pairs=measured,
        sizes={"rows": large, "small": small, "few": few},
    )
