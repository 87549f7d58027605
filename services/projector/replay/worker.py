"""The work of a replay: read the log into a set of its own, compare it, and hand it over or leave it for questions.

Killed at any moment it is taken up again from the positions of its set. It writes to that set and to the row of the
replay, and to nothing else: it has no producer and nobody to call.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import structlog
from aiokafka.errors import KafkaError

from services.common.database import MISTAKES, OPERATIONAL_ERRORS, transaction
from services.common.records import LogDamaged, PositionLost
from services.common.sql import load_queries
from services.projector.comparing.sides import NotComparable
from services.projector.core.board import Board
from services.projector.core.folding import Keep
from services.projector.core.handler import ReadModels
from services.projector.core.model import ReadModel
from services.projector.core.sets import ensure_set
from services.projector.core.slots import checked
from services.projector.replay import store
from services.projector.replay.building import Build
from services.projector.replay.filling import Filling
from services.projector.replay.handover import EditionUnknown
from services.projector.replay.model import Replay, State
from services.projector.replay.reading import LogReader
from services.projector.replay.slicing import OfProject
from services.projector.replay.task import Task
from services.projector.sets import catalog
from services.projector.sets.feeding import OneFeed

_SQL = load_queries("services.projector.replay", "reading.sql")
_AWAY: tuple[type[Exception], ...] = (*OPERATIONAL_ERRORS, KafkaError, PositionLost)
_AGAIN_AFTER_S = 1.0

_log = structlog.get_logger(__name__)


class CannotBuild(Exception):
    """The replay has failed for good: a stable code, and a sentence with what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


async def work(task: Task, replay_id: UUID) -> None:
    """Do all of it; what is away is waited for, what cannot be cured ends the replay with a sentence."""
    while True:
        try:
            await _once(task, replay_id)
        except store.WorkLost:
            _log.info("replay_left", replay=str(replay_id))
        except CannotBuild as reason:
            await _failed(task, replay_id, reason.code, str(reason))
        except EditionUnknown as reason:
            await _failed(task, replay_id, "EDITION_UNKNOWN", str(reason))
        except NotComparable as reason:
            await _failed(task, replay_id, "NOT_COMPARABLE", str(reason))
        except LogDamaged as damage:
            await _failed(task, replay_id, "LOG_DAMAGED", str(damage))
        except MISTAKES:
            raise
        except _AWAY as error:
            _log.warning("replay_interrupted", replay=str(replay_id), error=type(error).__name__)
            await asyncio.sleep(_AGAIN_AFTER_S)
            continue
        return


async def _once(task: Task, replay_id: UUID) -> None:
    replay = await store.one(task.pool, replay_id)
    if replay is None:
        raise store.WorkLost
    slot, models = await _prepared(task, replay)
    reader = LogReader(
        task.settings.kafka,
        [task.settings.log_topic, task.settings.projects_topic],
        sparse=[task.settings.projects_topic],
    )
    await reader.start()
    try:
        keep = await _keep(task, replay)
        handler = ReadModels(
            task.pool,
            OneFeed(slot, models),
            projects_topic=task.settings.projects_topic,
            board=Board(),
            clock=task.clock,
            keep=keep,
        )
        filling = Filling(
            task.pool,
            slot,
            models,
            projects_topic=task.settings.projects_topic,
            keep=keep,
            clock=task.clock,
        )
        await Build(task, replay, slot, reader, handler, filling).run()
    finally:
        await reader.stop()


async def _prepared(task: Task, replay: Replay) -> tuple[str, Sequence[ReadModel]]:
    """The slot and its models; tables made, or found as an earlier process left them."""
    models = task.editions.get(replay.edition)
    if models is None:
        raise CannotBuild(
            "EDITION_UNKNOWN",
            f"This version has no edition {replay.edition}; it has {', '.join(task.editions)}.",
        )
    slot = replay.slot
    if slot is None:
        async with transaction(task.pool) as connection:
            try:
                slot = await catalog.take_slot(
                    connection, edition=replay.edition, replay_id=replay.replay_id, now=task.clock()
                )
            except catalog.NoSlot:
                raise CannotBuild(
                    "NO_ROOM", "There are as many sets as there is room for. Clean up a replay that is over."
                ) from None
            await store.advance(connection, replay.replay_id, task.worker, State.BUILDING, slot=slot)
    else:
        await store.advance(task.pool, replay.replay_id, task.worker, State.BUILDING)
    # A filter has to see the log from its beginning: it learns from it.
    await ensure_set(
        task.pool, models, schema=slot, rebuild_outdated=True, anew=replay.project_id is not None
    )
    return slot, models


async def _keep(task: Task, replay: Replay) -> Keep | None:
    if replay.project_id is None:
        return None
    active, _ = await catalog.active_slot(task.pool)
    query = _SQL["imports_of_project"].format(slot=checked(active))
    rows = await task.pool.fetch(query, replay.project_id)
    return OfProject(replay.project_id, (row["import_id"] for row in rows))


async def _failed(task: Task, replay_id: UUID, code: str, sentence: str) -> None:
    _log.error("replay_failed", replay=str(replay_id), code=code)
    await store.end(
        task.pool, replay_id, task.worker, State.FAILED, now=task.clock(), code=code, message=sentence
    )
