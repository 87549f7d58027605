"""`/api/marketplace-course-accounts/`, the list: what an unchanged Waldur client reads."""

from collections.abc import Iterator
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response

from services.common.http.addresses import origin
from services.projector.account_lists.asked import Asked, asked
from services.projector.account_lists.documented import COUNT, LIST
from services.projector.account_lists.query import read_list
from services.projector.accounts.answers import PATH, account_answer
from services.projector.accounts.documented import TAG
from services.projector.web.answers import json_answer, not_found, pool_of

Asks = Annotated[Asked, Depends(asked)]


def router() -> APIRouter:
    """The routes of this read model."""
    routes = APIRouter(tags=[TAG])

    @routes.get(PATH, operation_id="list_accounts", responses=LIST)
    async def accounts(request: Request, asks: Asks) -> Response:
        """List accounts, page by page.

        `X-Result-Count` says how many there are, `Link` where the other pages are. Days count as in between: a project
        that ends on the day that is given as the last one is in the list.
        """
        offset = (asks.page - 1) * asks.page_size
        count, rows = await read_list(
            pool_of(request), asks.only, asks.order, limit=asks.page_size, offset=offset
        )
        headers = _headers(request, asks, count)
        return json_answer([account_answer(row, origin(request)) for row in rows], headers=headers)

    @routes.head(PATH, operation_id="count_accounts", responses=COUNT, response_class=Response)
    async def number(request: Request, asks: Asks) -> Response:
        """Count accounts: `X-Result-Count`, without a list."""
        count, _ = await read_list(pool_of(request), asks.only, asks.order, limit=0, offset=0)
        return Response(headers=_headers(request, asks, count), media_type="application/json")

    return routes


def _headers(request: Request, asks: Asked, count: int) -> dict[str, str]:
    last = max(1, -(-count // asks.page_size))
    if asks.page > last:
        raise not_found("There is no such page.")
    return {"X-Result-Count": str(count), "Link": ", ".join(_links(request, asks.page, last))}


def _links(request: Request, page: int, last: int) -> Iterator[str]:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "page"]
    pages = {"first": 1, "prev": page - 1, "next": page + 1, "last": last}
    for relation, number in pages.items():
        if 1 <= number <= last:
            address = f"{origin(request)}{PATH}?{urlencode([*kept, ('page', str(number))])}"
            yield f'<{address}>; rel="{relation}"'
