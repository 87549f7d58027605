"""The end of a replay: compared with the set in use at the same position, then fed with it, or dropped."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import structlog

from services.common.database import Pool, transaction
from services.projector.comparing.answers import answer
from services.projector.comparing.compare import Comparing
from services.projector.comparing.sides import NotComparable, Side, positions_of, same_moment, settle
from services.projector.core.model import ReadModel
from services.projector.core.sets import drop_set
from services.projector.replay import store
from services.projector.replay.model import Kind, Replay, State
from services.projector.replay.reading import Places
from services.projector.sets import catalog
from services.projector.sets.feeding import Editions
from services.projector.sets.model import SetState

_log = structlog.get_logger(__name__)

ReadTo = Callable[[Places], Awaitable[None]]


class EditionUnknown(NotComparable):
    """A set that is compared has a logic that this version does not have."""


async def compare_and_hand_over(
    pool: Pool, editions: Editions, replay: Replay, slot: str, read_to: ReadTo, *, now: Callable[[], datetime]
) -> None:
    """Hold the set in use as it is at one moment, read exactly as far, compare; then hand over or drop.

    The set in use goes on meanwhile: only our view of it is held.

    Raises:
        EditionUnknown: this version does not have the logic of one of them.
        WorkLost: the replay was cancelled.
    """
    active, _ = await catalog.active_slot(pool)
    models = await _models(pool, editions, active, slot)
    async with (
        pool.acquire(timeout=10) as holding,
        holding.transaction(isolation="repeatable_read", readonly=True),
    ):
        here = Side(holding, active, models[active])
        await settle(here)  # the snapshot begins with the first statement
        await read_to(await positions_of(here))
        async with (
            pool.acquire(timeout=10) as other,
            other.transaction(isolation="repeatable_read", readonly=True),
        ):
            found = await Comparing(here, Side(other, slot, models[slot])).run()
    await store.note_comparison(pool, replay.replay_id, answer(found))
    _log.info("sets_compared", replay=str(replay.replay_id), equal=found.equal)
    verified = replay.kind is Kind.VERIFY
    async with transaction(pool) as connection:
        await catalog.alone(connection)
        over = State.DONE if verified else State.WARM
        if not await store.end(connection, replay.replay_id, None, over, now=now()):
            raise store.WorkLost
        if verified:
            await catalog.retire(connection, slot)
        else:
            await catalog.change_state(connection, slot, SetState.BUILDING, SetState.FED)


async def compare_again(pool: Pool, editions: Editions, replay: Replay, other_slot: str) -> None:
    """Compare two fed sets, which are at the same position in every snapshot.

    Raises:
        NotComparable: they are not, because the live projectors have not caught up with both yet; or this version
            does not have the logic of one of them (EditionUnknown).
    """
    assert replay.slot is not None  # noqa: S101 - it has a set in the states that can be compared
    models = await _models(pool, editions, other_slot, replay.slot)
    here, there = ((slot, models[slot]) for slot in (other_slot, replay.slot))
    async with same_moment(pool, here, there) as sides:
        found = await Comparing(*sides).run()
    await store.note_comparison(pool, replay.replay_id, answer(found))


async def _models(pool: Pool, editions: Editions, *slots: str) -> dict[str, Sequence[ReadModel]]:
    """The logic of these sets; that of others, which nobody looks at here, may be of versions long gone."""
    named = {known.slot: known.edition for known in await catalog.known_sets(pool)}
    for slot in slots:
        if slot not in named:
            raise NotComparable(f"The set in {slot} is not there any more.")
        if named[slot] not in editions:
            raise EditionUnknown(
                f"The set in {slot} is of edition {named[slot]}, which this version does not have; it has "
                f"{', '.join(editions)}."
            )
    return {slot: editions[named[slot]] for slot in slots}


async def sweep(pool: Pool) -> None:
    """Drop the tables of sets that were retired, as soon as nobody reads them.

    Raises:
        asyncpg.LockNotAvailableError: somebody still reads one of them; try again.
    """
    for known in await catalog.known_sets(pool):
        if known.state is not SetState.RETIRED:
            continue
        await drop_set(pool, schema=known.slot)
        async with transaction(pool) as connection:
            await catalog.alone(connection)
            await catalog.forget(connection, known.slot)
            await store.slot_dropped(connection, known.slot)
            await store.way_back_dropped(connection, known.slot)
        _log.info("set_dropped", slot=known.slot)
