"""`/api/marketplace-course-accounts/`: what an unchanged Waldur client reads."""

from collections.abc import Iterator
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from schemas.facts.base import MAX_INT
from services.common.http import staff_only
from services.common.http.addresses import origin, parse_id
from services.common.http.signin import internal_only
from services.projector.accounts import export
from services.projector.accounts.answers import PATH, account_answer, standings_of
from services.projector.accounts.query import (
    ORDERS,
    AccountFilter,
    count_accounts,
    has_version,
    list_accounts,
    one_account,
)
from services.projector.core.board import Board
from services.projector.web.answers import bad_request, json_answer, not_found, pool_of
from services.projector.web.internal import MAX_WAIT_S

State = Literal["OK", "Closed", "Erred", "Pending"]
Text = Annotated[str | None, Query(max_length=320)]
_LAST_PAGE = 10_000_000


def router() -> APIRouter:
    """The routes of this read model."""
    routes = APIRouter()
    routes.include_router(export.router())

    @routes.api_route(PATH, methods=["GET", "HEAD"], dependencies=[Depends(staff_only)])
    async def accounts(
        request: Request,
        page: Annotated[int, Query(ge=1, le=_LAST_PAGE)] = 1,
        page_size: Annotated[int, Query(ge=1, le=300)] = 10,
        email: Text = None,
        username: Text = None,
        state: Annotated[list[State] | None, Query()] = None,
        project_uuid: Annotated[str | None, Query(max_length=36)] = None,
        o: Annotated[list[str] | None, Query()] = None,
    ) -> Response:
        """A page of accounts; `X-Result-Count` says how many there are, `Link` where the other pages are."""
        only = AccountFilter(
            email=_storable(email),
            username=_storable(username),
            standings=[s for word in state for s in standings_of(word)] if state else None,
            project_id=parse_id(project_uuid) if project_uuid else None,
        )
        order = _order(o)
        count = await count_accounts(pool_of(request), only)
        last = max(1, -(-count // page_size))
        headers = {"X-Result-Count": str(count), "Link": ", ".join(_links(request, page, last))}
        if request.method == "HEAD":
            return Response(headers=headers, media_type="application/json")
        if page > last:
            raise not_found("There is no such page.")
        rows = await list_accounts(
            pool_of(request), only, order, limit=page_size, offset=(page - 1) * page_size
        )
        return json_answer([account_answer(row, origin(request)) for row in rows], headers=headers)

    @routes.get(f"{PATH}{{uuid}}/", dependencies=[Depends(staff_only)])
    async def account(request: Request, uuid: str) -> Response:
        """One account."""
        row = await one_account(pool_of(request), parse_id(uuid))
        if row is None:
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


def _order(given: list[str] | None) -> list[str]:
    names = [name for part in given or () for name in part.split(",") if name]
    for name in names:
        if name.removeprefix("-") not in ORDERS or len(names) > len(ORDERS):
            raise bad_request("o", f"Order by some of {', '.join(ORDERS)}; a - in front reverses.")
    return names


def _links(request: Request, page: int, last: int) -> Iterator[str]:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "page"]
    pages = {"first": 1, "prev": page - 1, "next": page + 1, "last": last}
    for relation, number in pages.items():
        if 1 <= number <= last:
            address = f"{origin(request)}{PATH}?{urlencode([*kept, ('page', str(number))])}"
            yield f'<{address}>; rel="{relation}"'


def _storable(text: str | None) -> str | None:
    return text.replace("\x00", "") or None if text else None
