"""Tables made anew: not ready until they have once held what the log held."""

from dataclasses import dataclass, field

import pytest

from services.common.process import Stuck
from services.common.records import TopicPartition
from services.projector.core.rebuilding import Rebuilding

HERE, THERE = TopicPartition("log", 0), TopicPartition("log", 1)


@dataclass
class Reader:
    """A reader that is where the test says."""

    ready: bool = True
    partitions: frozenset[TopicPartition] = frozenset({HERE, THERE})
    positions: dict[TopicPartition, int] = field(default_factory=dict)
    ends: dict[TopicPartition, int] = field(default_factory=lambda: {HERE: 100, THERE: 300})


async def test_not_ready_until_the_log_was_read_once() -> None:
    """It says how far it is; later records make it unready no more."""
    reader = Reader(ready=False)
    rebuilding = Rebuilding(reader, rebuilding=True)
    with pytest.raises(Stuck, match="0 % read"):
        await rebuilding.check()
    reader.ready, reader.positions = True, {HERE: 100}
    with pytest.raises(Stuck, match="25 % read"):
        await rebuilding.check()
    reader.positions = {HERE: 170, THERE: 299}
    with pytest.raises(Stuck, match="99 % read"):
        await rebuilding.check()
    reader.positions[THERE] = 300
    await rebuilding.check()
    reader.ends = {HERE: 1000, THERE: 1000}
    await rebuilding.check()


async def test_tables_that_were_found_are_ready_at_once() -> None:
    """Being behind is no reason."""
    await Rebuilding(Reader(ready=False), rebuilding=False).check()
