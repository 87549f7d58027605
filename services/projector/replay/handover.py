"""The end of a replay: compared with the set in use at the same position, then fed with it, or dropped."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from services.common.database import Pool, transaction
from services.projector.comparing.answers import answer
from services.projector.comparing.compare import Comparing
from services.projector.comparing.sides import Side, positions_of, same_moment, settle
from services.projector.core.sets import drop_set
from services.projector.replay import store
from services.projector.replay.model import Kind, Replay, State
from services.projector.replay.reading import Places
from services.projector.sets import catalog
from services.projector.sets.feeding import Editions
from services.projector.sets.model import SetState

_log = structlog.get_logger(__name__)

ReadTo = Callable[[Places], Awaitable[None]]


async def compare_and_hand_over(
    pool: Pool, editions: Editions, replay: Replay, slot: str, read_to: ReadTo, *, now: Callable[[], datetime]
) -> None:
    """Hold the set in use as it is at one moment, read exactly as far, compare; then hand over or drop.

    The set in use goes on meanwhile: only our view of it is held.
    """
    active, _ = await catalog.active_slot(pool)
    models = {known.slot: editions[known.edition] for known in await catalog.known_sets(pool)}
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
    if replay.kind is Kind.VERIFY:
        await store.end(pool, replay.replay_id, None, State.DONE, now=now())
        await give_up(pool, slot)
    else:
        await catalog.change_state(pool, slot, SetState.BUILDING, SetState.FED)
        await store.end(pool, replay.replay_id, None, State.WARM, now=now())


async def compare_again(pool: Pool, editions: Editions, replay: Replay, other_slot: str) -> None:
    """Compare two fed sets, which are at the same position in every snapshot.

    Raises:
        NotComparable: they are not, because the live projectors have not caught up with both yet.
    """
    assert replay.slot is not None  # noqa: S101 - it has a set in the states that can be compared
    models = {known.slot: editions[known.edition] for known in await catalog.known_sets(pool)}
    here, there = ((slot, models[slot]) for slot in (other_slot, replay.slot))
    async with same_moment(pool, here, there) as sides:
        found = await Comparing(*sides).run()
    await store.note_comparison(pool, replay.replay_id, answer(found))


async def give_up(pool: Pool, slot: str) -> bool:
    """Whether the set is fed and asked no more; its tables are dropped as soon as nobody reads them (`sweep`)."""
    async with transaction(pool) as connection:
        return await catalog.retire(connection, slot)


async def sweep(pool: Pool) -> None:
    """Drop the tables of sets that were given up.

    Raises:
        asyncpg.LockNotAvailableError: somebody still reads one of them; try again.
    """
    for known in await catalog.known_sets(pool):
        if known.state is not SetState.RETIRED:
            continue
        await drop_set(pool, schema=known.slot)
        async with transaction(pool) as connection:
            await catalog.forget(connection, known.slot)
            await store.slot_dropped(connection, known.slot)
        _log.info("set_dropped", slot=known.slot)
