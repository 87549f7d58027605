"""`/api/read-models/`: which read models there are, and how far each is behind the log."""

from collections.abc import Callable, Sequence
from datetime import datetime
from importlib import import_module
from typing import Any

from fastapi import APIRouter, Depends, Request, Response

from services.common.http import staff_only
from services.projector.core.lag import LogEnds, read_stored, together, topics_of
from services.projector.core.model import ReadModel
from services.projector.web.answers import json_answer, pool_of, utc
from services.projector.web.documented_models import READ_MODELS, TAG


def router(models: Sequence[ReadModel]) -> APIRouter:
    """The route about `models`, those of the set that answers."""
    routes = APIRouter()
    questions = {model.name: question_of(model) for model in models}

    @routes.get(
        "/api/read-models/",
        operation_id="list_read_models",
        tags=[TAG],
        responses=READ_MODELS,
        dependencies=[Depends(staff_only)],
    )
    async def read_models(request: Request) -> Response:
        """List the read models: the question of each, its version, its set, and how far it is behind the log."""
        state = request.app.state
        ends: LogEnds = state.log_ends
        clock: Callable[[], datetime] = state.clock
        now = clock()
        set_name, stored = await read_stored(pool_of(request))
        lags = {here: ends.lag(here, at, now) for here, at in stored.items()}
        results = []
        for model in models:
            topics = topics_of(model, log_topic=state.log_topic, projects_topic=state.projects_topic)
            own = [here for here in stored if here.topic in topics]
            whole = together([lags[here] for here in own])
            positions: list[dict[str, Any]] = [
                {
                    "topic": here.topic,
                    "partition": here.partition,
                    "next_offset": stored[here].next_offset,
                    "records_ahead": lags[here].records,
                    "oldest_unprocessed_seconds": round(lags[here].seconds, 1),
                    "as_of": utc(stored[here].as_of),
                }
                for here in own
            ]
            results.append(
                {
                    "name": model.name,
                    "version": model.version,
                    "question": questions[model.name],
                    "set": set_name,
                    "records_ahead": whole.records,
                    "oldest_unprocessed_seconds": round(whole.seconds, 1),
                    "positions": positions,
                }
            )
        return json_answer({"results": results, "next": None})

    return routes


def question_of(model: ReadModel) -> str:
    """The question a read model answers: the first sentence of its folder."""
    text = (import_module(model.package).__doc__ or "").split("\n\n")[0]
    return " ".join(text.split("?")[0].split()) + "?"
