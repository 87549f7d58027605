"""The catalog of sets in Postgres: which there are, who feeds them, which one answers (decision D7)."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from services.common.database import Connection, Database
from services.common.records import TopicPartition
from services.common.sql import load_queries
from services.projector.core.slots import checked
from services.projector.sets.model import SLOTS, KnownSet, SetState

_SQL = load_queries("services.projector.sets")

Positions = Mapping[TopicPartition, int]


class NoSlot(Exception):
    """Every slot is taken: clean up a replay first."""


class NotReady(Exception):
    """The set cannot answer now; the text says why."""


async def known_sets(source: Database) -> list[KnownSet]:
    """Every set, oldest first."""
    rows = await source.fetch(_SQL["sets"])
    return [
        KnownSet(r["slot"], r["edition"], SetState(r["state"]), r["made_at"], r["replay_id"], r["active"])
        for r in rows
    ]


async def fed_slots(source: Database) -> tuple[str, ...]:
    """The sets that every batch goes to, in a fixed order."""
    return tuple(await source.fetchval(_SQL["fed_slots"]) or ())


async def active_slot(source: Database) -> tuple[str, int]:
    """The set that answers, and how often that changed."""
    row = await source.fetchrow(_SQL["active_slot"])
    assert row is not None  # noqa: S101 - made before anything else starts
    return row["slot"], row["swaps"]


async def begin_with(connection: Connection, slot: str, *, edition: str, now: datetime) -> KnownSet:
    """The set that answers; with an empty catalog, `slot` becomes it."""
    await alone(connection)
    if not (found := await known_sets(connection)):
        await connection.execute(_SQL["add_set"], slot, edition, SetState.FED, now, None)
        await connection.execute(_SQL["first_active"], slot, now)
        found = await known_sets(connection)
    return next(known for known in found if known.active)


async def note_edition(connection: Connection, slot: str, *, edition: str, now: datetime) -> None:
    """The tables of `slot` were made anew."""
    await connection.execute(_SQL["set_edition"], slot, edition, now)


async def take_slot(connection: Connection, *, edition: str, replay_id: UUID, now: datetime) -> str:
    """A free slot for a set that is going to be built.

    Raises:
        NoSlot: all are taken.
    """
    await alone(connection)
    taken = {known.slot for known in await known_sets(connection)}
    slot = next((name for name in SLOTS if name not in taken), None)
    if slot is None:
        raise NoSlot
    await connection.execute(_SQL["add_set"], slot, edition, SetState.BUILDING, now, replay_id)
    return slot


async def change_state(source: Database, slot: str, was: SetState, becomes: SetState) -> bool:
    """Whether the set was in that state, and now is in the other."""
    return await source.fetchval(_SQL["change_state"], slot, was, becomes) is not None


async def positions_of(source: Database, slot: str) -> dict[TopicPartition, int]:
    """How far a set has been read."""
    rows = await source.fetch(_SQL["set_positions"].format(slot=checked(slot)))
    return {TopicPartition(r["topic"], r["partition"]): r["next_offset"] for r in rows}


async def project_of(source: Database, slot: str, import_id: UUID) -> UUID | None:
    """The project of an import, as one set knows it."""
    found: UUID | None = await source.fetchval(_SQL["project_of"].format(slot=checked(slot)), import_id)
    return found


async def alone(connection: Connection) -> None:
    """Nobody else changes the catalog, or asks for a replay, until the transaction ends."""
    await connection.execute(_SQL["lock_catalog"])


async def point_to(connection: Connection, slot: str, *, now: datetime) -> str:
    """Let `slot` answer once the transaction ends; the set that answered until now.

    No reader sees a step back: while no batch moves, the new set is at least as far as the old one in every
    partition, and from here on every batch goes to both, in one transaction (R35d).

    Raises:
        NotReady: the set is not fed, or not as far.
    """
    await alone(connection)
    answering = str(await connection.fetchval(_SQL["lock_active"]))
    if answering == slot:
        raise NotReady("This set answers already.")
    states = {known.slot: known.state for known in await known_sets(connection)}
    if states.get(slot) is not SetState.FED:
        raise NotReady("The set is not fed by the live projectors.")
    held = {name: await _held(connection, name) for name in sorted((slot, answering))}  # as batches hold them
    behind = _behind(held[slot], held[answering])
    if behind is not None:
        raise NotReady(f"The set is behind in {behind.topic}/{behind.partition}. Try again.")
    await connection.execute(_SQL["point_to"], slot, now)
    return answering


async def retire(connection: Connection, slot: str) -> bool:
    """Whether the set is fed no more and may be dropped: not the one that answers."""
    await alone(connection)
    return await connection.fetchval(_SQL["retire_set"], slot) is not None


async def forget(connection: Connection, slot: str) -> None:
    """The tables of a retired set are gone."""
    await connection.execute(_SQL["remove_set"], slot)


async def _held(connection: Connection, slot: str) -> Positions:
    rows = await connection.fetch(_SQL["lock_positions"].format(slot=checked(slot)))
    return {TopicPartition(r["topic"], r["partition"]): r["next_offset"] for r in rows}


def _behind(new: Positions, old: Positions) -> TopicPartition | None:
    return next((here for here, offset in old.items() if new.get(here, 0) < offset), None)
