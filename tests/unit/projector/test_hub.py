"""Streams of events: what each reader is sent, and that nobody is kept for ever."""

import asyncio
from typing import Any
from uuid import uuid4

import orjson
import pytest

from services.common.http import Problem
from services.projector.import_progress.query import Tag
from services.projector.push.events import told
from services.projector.push.hub import Hub
from services.projector.push.stream import MOST_ROW_EVENTS, Stream
from tests.unit.projector.imports_in_memory import A, Imports


class Reader:
    """Takes the pieces of a stream apart."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.pieces = stream.pieces()
        self._left: list[bytes] = []

    async def take(self, count: int) -> list[tuple[str, int, Any]]:
        """The next events: name, id, data."""
        found = []
        while len(found) < count:
            while not self._left:
                async with asyncio.timeout(5):
                    self._left = (await anext(self.pieces)).split(b"\n\n")[:-1]
            event = self._left.pop(0)
            if not event.startswith(b"retry: "):
                version, name, data = (line.partition(": ")[2] for line in event.decode().splitlines())
                found.append((name, int(version), orjson.loads(data)))
        return found

    async def rest(self) -> list[str]:
        """The names of all events until the stream ends."""
        async with asyncio.timeout(5):
            left = b"".join([piece async for piece in self.pieces])
        return [event.split(b"\n")[0].decode() for event in left.split(b"event: ")[1:]]


async def rested(_: float) -> None:
    """No rest."""
    await asyncio.sleep(0)


def hub_of(imports: Imports, **more: Any) -> Hub:
    """A hub that does not rest."""
    return Hub(imports, rest=rested, **more)


async def reader(hub: Hub, last: int | None = None) -> Reader:
    """A reader of the one import there is."""
    stream = await hub.subscribe(A, last)
    assert stream is not None
    return Reader(stream)


async def test_a_reader_gets_the_status_then_changed_rows_and_what_they_led_to() -> None:
    """The first piece says when to come back; ids are versions; rows come in full, before their status."""
    imports = Imports()
    hub = hub_of(imports)
    one = await reader(hub)
    first = await anext(one.pieces)
    assert first.startswith(b"retry: ")
    assert 1000 <= int(first[7:].split(b"\n")[0]) <= 3000
    assert first.endswith(b'\n\nid: 1\nevent: status\ndata: {"version":1}\n\n')
    imports.happen(3, 4)
    assert await one.take(2) == [
        ("rows", 2, {"version": 2, "many": False, "rows": [{"row": 3}, {"row": 4}]}),
        ("status", 2, {"version": 2}),
    ]
    await hub.close()


async def test_all_readers_of_an_import_share_one_read_and_the_same_bytes() -> None:
    """A hundred readers cost what one does."""
    imports = Imports()
    hub = hub_of(imports)
    readers = [await reader(hub) for _ in range(100)]
    for one in readers:
        await one.take(1)
    before = imports.reads
    imports.happen(1)
    pieces = {id((await one.take(1), one.stream._told)[1]) for one in readers}
    assert imports.reads == before + 1
    assert len(pieces) == 1
    await hub.close()


async def test_many_rows_and_gaps_are_told_without_rows() -> None:
    """Where they lie, or null for anywhere: after facts about the whole import, and when the account service pauses."""
    imports = Imports()
    hub = hub_of(imports)
    one = await reader(hub)
    await one.take(1)
    imports.happen(*range(1, 102))
    assert (await one.take(2))[0] == ("rows", 2, {"version": 2, "many": True, "ranges": [[1, 101]]})
    imports.happen()
    assert (await one.take(2))[0] == ("rows", 3, {"version": 3, "many": True, "ranges": None})
    imports.happen(paused=1)
    assert (await one.take(2))[0] == ("rows", 3, {"version": 3, "many": True, "ranges": None})
    await hub.close()


async def test_a_slow_reader_gets_the_newest_status_only() -> None:
    """Statuses do not queue; rows do, up to a bound, beyond which one reset replaces them all."""
    imports = Imports()
    hub = hub_of(imports)
    slow, quick = await reader(hub), await reader(hub)
    await slow.take(1), await quick.take(1)
    for _ in range(3):
        imports.happen(1)
        await quick.take(2)
    found = await slow.take(4)
    assert [(name, version) for name, version, _ in found] == [
        ("rows", 2),
        ("rows", 3),
        ("rows", 4),
        ("status", 4),
    ]
    for _ in range(MOST_ROW_EVENTS + 3):
        imports.happen(1)
        await quick.take(2)
    assert len(slow.stream._rows) <= MOST_ROW_EVENTS
    last = 4 + MOST_ROW_EVENTS + 3
    assert await slow.take(1) == [("reset", last, {"version": last})]
    imports.happen(2)
    assert [name for name, _, _ in await slow.take(2)] == ["rows", "status"]
    await hub.close()


async def test_a_reader_goes_on_where_it_was() -> None:
    """From the ring, on any copy; what it does not hold any more is a reset, as is a version that never was."""
    imports = Imports()
    for row in (1, 2, 3):
        imports.happen(row, silently=True)
    hub = hub_of(imports)
    assert [name for name, _, _ in await (await reader(hub, 4)).take(1)] == ["status"]
    rows, status = await (await reader(hub, 2)).take(2)
    assert (rows[2]["rows"], status[:2]) == ([{"row": 2}, {"row": 3}], ("status", 4))
    del imports.entries[0]
    assert await (await reader(hub, 1)).take(1) == [("reset", 4, {"version": 4})]
    assert await (await reader(hub, 99)).take(1) == [("reset", 4, {"version": 4})]
    await hub.close()


async def test_versions_never_go_back_within_a_stream() -> None:
    """A status that was read late is left out."""
    imports = Imports()
    hub = hub_of(imports)
    one = await reader(hub)
    await one.take(1)
    imports.happen(1)
    await one.take(2)
    one.stream.status(told(Tag(1, 0), b"{}"))
    imports.happen(1)
    assert [(name, version) for name, version, _ in await one.take(2)] == [("rows", 3), ("status", 3)]
    await hub.close()


async def test_there_are_only_so_many_streams() -> None:
    """One more is told to come back later; one that goes makes room."""
    hub = hub_of(Imports(), most_streams=2)
    one, _ = await reader(hub), await reader(hub)
    with pytest.raises(Problem) as refused:
        await hub.subscribe(A, None)
    assert (refused.value.status, refused.value.headers) == (503, {"Retry-After": "15"})
    hub.leave(one.stream)
    await reader(hub)
    await hub.close()
    assert len(hub) == 0


async def test_an_unknown_import_leaves_nothing_behind() -> None:
    """Nor does one whose tables do not answer."""
    imports = Imports()
    hub = hub_of(imports)
    assert await hub.subscribe(uuid4(), None) is None
    imports.trouble = ConnectionResetError()
    with pytest.raises(ConnectionResetError):
        await hub.subscribe(A, None)
    assert (len(hub), hub._channels) == (0, {})


async def test_closing_ends_every_stream_with_a_reset_and_new_ones_may_come() -> None:
    """Clients connect again, to whoever serves then."""
    imports = Imports()
    hub = hub_of(imports)
    readers = [await reader(hub), await reader(hub)]
    for one in readers:
        await one.take(1)
    await hub.close()
    assert [await one.rest() for one in readers] == [["reset"], ["reset"]]
    assert await (await reader(hub)).take(1) == [("status", 1, {"version": 1})]
    await hub.close()


async def test_nothing_runs_while_nobody_watches() -> None:
    """The last reader of an import takes its follower along."""
    hub = hub_of(Imports())
    one, other = await reader(hub), await reader(hub)
    follower = hub._channels[A].follower
    assert follower is not None
    hub.leave(one.stream)
    assert A in hub._channels
    hub.leave(other.stream)
    await asyncio.wait([follower], timeout=5)
    assert follower.cancelled()
    assert hub._channels == {}


async def test_a_reader_that_takes_nothing_is_forgotten_also_when_its_connection_is_not() -> None:
    """The hub does not rely on the server to give streams back."""
    time = [0.0]
    imports = Imports()
    hub = hub_of(imports, clock=lambda: time[0], send_timeout_s=10.0)
    stuck, well = await reader(hub), await reader(hub)
    await anext(stuck.pieces)
    await well.take(1)
    time[0] = 21.0
    imports.happen(1)
    await well.take(2)
    imports.happen(1)
    await well.take(2)
    assert set(hub._streams) == {well.stream}
    await hub.close()


async def test_trouble_is_waited_out_and_a_mistake_ends_the_streams() -> None:
    """A database that is away delays news; anything else is told by a reset, so that nobody looks at old figures."""
    imports = Imports()
    hub = hub_of(imports)
    one = await reader(hub)
    await one.take(1)
    imports.trouble = ConnectionResetError()
    imports.happen(1)
    await asyncio.sleep(0)
    imports.trouble = None
    imports.moved.set()
    assert [name for name, _, _ in await one.take(2)] == ["rows", "status"]
    imports.trouble = ZeroDivisionError()
    imports.happen(1)
    assert await one.rest() == ["reset"]
    assert len(hub) == 0


async def test_tables_that_are_made_anew_end_the_streams() -> None:
    """The import is not there for a while; its readers ask again."""
    imports = Imports()
    hub = hub_of(imports)
    one = await reader(hub)
    await one.take(1)
    imports.tag = None
    imports.moved.set()
    assert await one.rest() == ["reset"]
