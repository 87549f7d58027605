"""`/api/marketplace-course-accounts/{uuid}/`: one account, as an unchanged Waldur client reads it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from schemas.facts.base import MAX_INT
from services.common.http import SignedIn
from services.common.http.addresses import origin, parse_id
from services.common.http.signin import internal_only
from services.projector.accounts import export, many
from services.projector.accounts.answers import PATH, account_answer
from services.projector.accounts.documented import ACCOUNT, TAG
from services.projector.accounts.query import has_version, one_account
from services.projector.core.board import Board
from services.projector.web.answers import json_answer, not_found, pool_of, sees
from services.projector.web.internal import MAX_WAIT_S
from services.projector.web.parameters import AccountId


def router() -> APIRouter:
    """The routes of this read model."""
    routes = APIRouter()
    routes.include_router(export.router())
    routes.include_router(many.router())

    @routes.get(f"{PATH}{{uuid}}/", operation_id="read_account", tags=[TAG], responses=ACCOUNT)
    async def account(request: Request, uuid: AccountId, principal: SignedIn) -> Response:
        """Read one account."""
        row = await one_account(pool_of(request), parse_id(uuid))
        if row is None or not sees(principal, row["project_id"]):
            raise not_found("There is no such account.")
        return json_answer(account_answer(row, origin(request)))

    @routes.get("/internal/accounts/{uuid}/", dependencies=[Depends(internal_only)], include_in_schema=False)
    async def internal_account(
        request: Request,
        uuid: str,
        version: Annotated[int, Query(ge=0, le=MAX_INT)] = 0,
        wait: Annotated[float, Query(ge=0, le=MAX_WAIT_S)] = 2.0,
    ) -> Response:
        """The same for the provisioner, once fact number `version` is in it; else as it is after `wait` seconds."""
        account_id, pool = parse_id(uuid), pool_of(request)
        board: Board = request.app.state.board
        current = await board.until(lambda: has_version(pool, account_id, version), wait_s=wait)
        row = await one_account(pool, account_id)
        if row is None:
            raise not_found("There is no such account (yet).")
        return json_answer({"account": account_answer(row, origin(request)), "current": current})

    return routes
