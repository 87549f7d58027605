"""Folding events into one set: load what they touch, fold in memory, store once."""

import asyncio
from collections.abc import Callable, Sequence

from services.common.database import Connection
from services.projector.core.model import Batch, Change, Fold, Located, ReadModel
from services.projector.core.reading import SLICE

Keep = Callable[[Located], bool]
"""Whether an event is to be folded; asked once for each, in the order of its partition."""


async def fold_into(connection: Connection, models: Sequence[ReadModel], events: Sequence[Located]) -> None:
    """Fold `events` into the tables of `models`, in the caller's transaction, which holds their positions."""
    if not events:
        return
    folds = [model.fold() for model in models]
    batch = Batch(events, {})
    for fold in folds:
        await fold.load(connection, batch)
    await apply_all(models, folds, events)
    for fold in folds:
        await fold.store(connection)


async def apply_all(models: Sequence[ReadModel], folds: Sequence[Fold], events: Sequence[Located]) -> None:
    """Hand each event to every fold that handles it, in the order of the models; other tasks get a turn.

    A slice passes one model after the other: each finds its own code and rows still near.
    """
    steps = [(fold.apply, frozenset(model.handles)) for model, fold in zip(models, folds, strict=True)]
    for start in range(0, len(events), SLICE):
        some = events[start : start + SLICE]
        changes: list[Change | None] = [None] * len(some)
        for apply, handled in steps:
            changes = [
                apply(event, change) if type(event.fact) in handled else change
                for event, change in zip(some, changes, strict=True)
            ]
        await asyncio.sleep(0)
