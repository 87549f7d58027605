"""Replays in Postgres."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from services.common.database import Database
from services.common.records import TopicPartition
from services.common.sql import load_queries
from services.projector.replay.model import Kind, Replay, State

_SQL = load_queries("services.projector.replay")
LEASE = timedelta(seconds=15)
"""How long a worker may be silent before another one takes its work over."""


class Claimed(NamedTuple):
    """Work taken over, and how many processes have tried it, this one included."""

    replay_id: UUID
    attempts: int


class WorkLost(Exception):
    """The replay was cancelled, or another process works on it now."""


async def add(
    source: Database,
    replay_id: UUID,
    kind: Kind,
    *,
    edition: str,
    project_id: UUID | None,
    author: str,
    reason: str,
    now: datetime,
    until_time: datetime | None,
    until_offsets: Sequence[tuple[str, int, int]] | None,
) -> None:
    """Remember what was asked for."""
    offsets = None if until_offsets is None else msgspec.json.encode(until_offsets).decode()
    await source.execute(
        _SQL["add"], replay_id, kind, edition, project_id, author, reason, now, until_time, offsets
    )


async def one(source: Database, replay_id: UUID, *, hold: bool = False) -> Replay | None:
    """One replay; with `hold` nobody else changes it until the transaction ends."""
    if hold:
        await source.execute(_SQL["hold"], replay_id)
    row = await source.fetchrow(_SQL["one"], replay_id)
    return None if row is None else _replay(row)


async def newest(source: Database, after: tuple[datetime, UUID] | None, *, limit: int) -> list[Replay]:
    """Replays, newest first, those after a place."""
    return [_replay(row) for row in await source.fetch(_SQL["newest"], *(after or (None, None)), limit)]


async def under_way(source: Database) -> int:
    """How many are being worked on, or are going to be."""
    return int(await source.fetchval(_SQL["under_way"]))


async def claim(source: Database, worker: UUID, *, now: datetime) -> Claimed | None:
    """Take over what nobody works on; None if there is nothing."""
    row = await source.fetchrow(_SQL["claim"], worker, now, now + LEASE)
    return None if row is None else Claimed(row["replay_id"], row["attempts"])


async def progress(
    source: Database, replay_id: UUID, worker: UUID, *, total: int, done: int, rate: float, now: datetime
) -> None:
    """Say how far it is, and go on being the worker.

    Raises:
        WorkLost: it was cancelled, or is somebody else's.
    """
    if await source.fetchval(_SQL["progress"], replay_id, worker, total, done, rate, now + LEASE) is None:
        raise WorkLost


async def advance(
    source: Database, replay_id: UUID, worker: UUID, state: State, *, slot: str | None = None
) -> None:
    """Come to another state; with `slot`, into that schema.

    Raises:
        WorkLost: it was cancelled, or is somebody else's.
    """
    if await source.fetchval(_SQL["advance"], replay_id, worker, state, slot) is None:
        raise WorkLost


async def note_end(source: Database, replay_id: UUID, ends: dict[TopicPartition, int]) -> None:
    """Remember where the reading ends."""
    vector = [(here.topic, here.partition, offset) for here, offset in sorted(ends.items())]
    await source.execute(_SQL["note_end"], replay_id, msgspec.json.encode(vector).decode())


async def note_comparison(source: Database, replay_id: UUID, comparison: Mapping[str, Any]) -> None:
    """Remember what the comparison came to."""
    await source.execute(_SQL["note_comparison"], replay_id, msgspec.json.encode(comparison).decode())


async def end(
    source: Database,
    replay_id: UUID,
    worker: UUID | None,
    state: State,
    *,
    now: datetime,
    code: str | None = None,
    message: str | None = None,
) -> bool:
    """Whether it was under way (and, with `worker`, that process's) and has ended now."""
    return await source.fetchval(_SQL["end"], replay_id, worker, state, code, message, now) is not None


async def swapped(source: Database, replay_id: UUID, replaced: str, *, now: datetime) -> None:
    """Its set answers, instead of the one in `replaced`."""
    await source.execute(_SQL["swapped"], replay_id, now, replaced)


async def rolled_back(source: Database, replay_id: UUID) -> None:
    """The set before answers again."""
    await source.execute(_SQL["rolled_back"], replay_id)


async def swapped_now(source: Database) -> UUID | None:
    """The replay whose set answers while the one before is kept, if any."""
    found: UUID | None = await source.fetchval(_SQL["swapped_now"])
    return found


async def way_back_dropped(source: Database, slot: str) -> None:
    """The set in `slot` is given up: whoever took its place is finished, there is no way back."""
    await source.execute(_SQL["way_back_dropped"], slot)


async def slot_dropped(source: Database, slot: str) -> None:
    """Whoever had this slot has it no more."""
    await source.execute(_SQL["slot_dropped"], slot)


async def act(
    source: Database, replay_id: UUID, author: str, action: str, *, now: datetime, detail: str = ""
) -> None:
    """Write down who did what."""
    await source.execute(_SQL["add_action"], now, author, action, replay_id, detail)


async def actions_of(source: Database, replay_id: UUID) -> list[Any]:
    """What was done with a replay, in order."""
    return await source.fetch(_SQL["actions_of"], replay_id)


def _replay(row: Any) -> Replay:
    fields = dict(row)
    for name in ("until_offsets", "comparison"):
        fields[name] = None if fields[name] is None else msgspec.json.decode(fields[name])
    return msgspec.convert(fields, Replay)
