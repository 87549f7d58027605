"""Raw staging: Python's own CSV reader over the same bytes, and one COPY of the same rows."""

import csv
import io
from typing import Any

from bench.floors import tables
from bench.floors.steps import Steps
from bench.floors.tables import Shape
from bench.measure import Clocks, Measured, no_collections


def read_all(body: bytes) -> int:
    """Decode and split the file; how many records it has below its header."""
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(body), "utf-8", newline=""))
    next(reader)
    return sum(1 for _ in reader)


async def stage(connection: Any, shape: Shape, body: bytes, clocks: Clocks) -> Measured:
    """Both steps, one after the other, into an empty table."""
    await tables.empty(connection, shape)
    steps = Steps(clocks, len(shape.rows))
    with no_collections():
        async with steps.step("csv.reader"):
            read = read_all(body)
        async with steps.step("COPY"):
            await tables.copy(connection, shape)
    if read != len(shape.rows):
        raise RuntimeError(f"{read} records were read, {len(shape.rows)} rows were staged")
    return steps.total()
