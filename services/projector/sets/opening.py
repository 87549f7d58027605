"""What a projector does with the sets it finds when it starts."""

from collections.abc import Callable
from datetime import datetime

import structlog

from services.common.database import Pool, migrate, open_pool, transaction
from services.projector.core.sets import Made, SetOutdated, ensure_set, is_current
from services.projector.sets import catalog
from services.projector.sets.feeding import Editions
from services.projector.sets.model import KnownSet, SetState

CONTROL = "projector_control"
"""The schema that belongs to no set."""

_log = structlog.get_logger(__name__)


async def open_sets(
    pool: Pool,
    dsn: str,
    editions: Editions,
    *,
    first_slot: str,
    rebuild_outdated: bool,
    clock: Callable[[], datetime],
) -> tuple[KnownSet, Made]:
    """The set that answers, its tables made where there are none; and how they came to be.

    Args:
        pool: connections of the projector's role.
        dsn: the same role's.
        editions: the logic there is; the first is that of new tables.
        first_slot: where the first set lives.
        rebuild_outdated: drop tables of another version and read the log again, instead of refusing.
        clock: now, in UTC.

    Raises:
        SetOutdated: tables of another version are there, or are fed.
    """
    await migrate_control(dsn)
    usual = next(iter(editions))
    async with transaction(pool) as connection:
        active = await catalog.begin_with(connection, first_slot, edition=usual, now=clock())
    edition = active.edition if active.edition in editions else usual
    made = await ensure_set(pool, editions[edition], schema=active.slot, rebuild_outdated=rebuild_outdated)
    if edition != active.edition:
        async with transaction(pool) as connection:
            await catalog.note_edition(connection, active.slot, edition=edition, now=clock())
    for other in await catalog.known_sets(pool):
        if other.state is SetState.FED and not other.active:
            await _still_fed(pool, other, editions, rebuild_outdated=rebuild_outdated)
    return active, made


async def migrate_control(dsn: str) -> None:
    """Make the tables that belong to no set."""
    async with await open_pool(dsn, name="projector-control", size=1, schema=CONTROL) as control:
        await migrate(control, schema=CONTROL, package="services.projector.sets.migrations")


async def _still_fed(pool: Pool, known: KnownSet, editions: Editions, *, rebuild_outdated: bool) -> None:
    """A set beside the active one can be fed on if its tables are ours; if they are not, it is of no use."""
    models = editions.get(known.edition)
    if models is not None and await is_current(pool, models, schema=known.slot):
        return
    if not rebuild_outdated:
        raise SetOutdated(
            f"The set in schema {known.slot} is fed with every batch, and this version does not have its logic "
            f"(edition {known.edition}). Clean it up with the version that has it: course-accounts replay clean-up."
        )
    _log.warning("set_retired", slot=known.slot, edition=known.edition)
    async with transaction(pool) as connection:
        await catalog.retire(connection, known.slot)
