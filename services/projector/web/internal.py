"""Paths for our own services: has the projector passed a place in the log?"""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.common.http import Problem
from services.common.http.signin import internal_only
from services.common.records import TopicPartition
from services.projector.core.board import Board
from services.projector.web.answers import json_answer, pool_of

MAX_WAIT_S = 5.0


def router() -> APIRouter:
    """Routes under `/internal/`."""
    routes = APIRouter(prefix="/internal", dependencies=[Depends(internal_only)], include_in_schema=False)

    @routes.get("/passed/")
    async def passed(
        request: Request,
        topic: Annotated[str, Query(min_length=1, max_length=249)],
        partition: Annotated[int, Query(ge=0, le=100_000)],
        offset: Annotated[int, Query(ge=0, le=2**63 - 1)],
        wait: Annotated[float, Query(ge=0, le=MAX_WAIT_S)] = 2.0,
    ) -> Response:
        """200 as soon as the tables hold what lies at `offset`; 408 if that takes longer than `wait` seconds."""
        board: Board = request.app.state.board
        place = TopicPartition(topic, partition)
        if await board.passed(pool_of(request), place, offset, wait_s=wait):
            return json_answer({"passed": True})
        raise Problem(408, "NOT_PASSED_YET", "The projector has not read that far yet. Ask again.")

    return routes
