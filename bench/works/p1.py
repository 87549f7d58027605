"""P1: a file of rows to a complete preview, against the CSV reader and one COPY of the same rows."""

from dataclasses import replace
from typing import Final
from uuid import UUID

from bench.floors import staging, tables
from bench.measure import Clocks, Measured, between
from bench.pairs import Say, measure_pairs
from bench.rows import sample
from bench.stats import Figure
from bench.works.own_importer import OwnImporter

GOAL: Final = 0.33
"""At most three times as long as its floor."""
_STAGED: Final = "SELECT * FROM importer.draft_rows WHERE draft_id = $1 ORDER BY row"


async def measure(importer: OwnImporter, *, rows: int, pairs: int, say: Say) -> Figure:
    """Measure, after one upload that warms everything up and leaves the rows for the floor."""
    body = sample(rows, 1).csv()
    say(f"one file of {rows:,} rows ({len(body) / 1e6:.1f} MB) to warm up")
    first = await importer.stage(body, rows)
    staged = await importer.connection.fetch(_STAGED, UUID(first.draft["uuid"]))
    shape = await tables.like(importer.connection, "importer.draft_rows", staged)
    await importer.forget()
    clocks = Clocks({"postgres": importer.system.processes["postgres"]})

    async def floor(_: int) -> Measured:
        return await staging.stage(importer.connection, shape, body, clocks)

    async def work(_: int) -> Measured:
        return await staged_once(importer, body, rows)

    measured = await measure_pairs(pairs, floor=floor, work=work, say=say)
    return Figure(
        name="p1",
        title=f"P1: upload to complete preview, {rows:,} rows",
        unit="row",
        floor="csv.reader + COPY of the same rows",
        goal=GOAL,
        pairs=measured,
        sizes={"rows": rows, "bytes": len(body)},
    )


async def staged_once(importer: OwnImporter, body: bytes, rows: int) -> Measured:
    """One upload, measured from its first byte to the complete preview; its rows are gone afterwards."""
    servers = {name: importer.system.processes[name] for name in ("postgres", "provisioner")}
    clocks = Clocks({"importer": importer.pids, **servers})
    before = clocks.read()
    done = await importer.stage(body, rows)
    measured = between(before, clocks.read(), rows, seconds=done.complete)
    await importer.forget()
    return replace(
        measured,
        values={"first page, s": done.first_page, "peak memory of the importer, MiB": done.peak_mib},
    )
