"""`/api/marketplace-course-accounts/`, the list: what an unchanged Waldur client reads."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from services.common.http import staff_only
from services.common.http.addresses import origin, parse_id
from services.projector.account_lists.query import AccountFilter, read_list
from services.projector.account_lists.statement import ORDERS
from services.projector.accounts.answers import PATH, account_answer
from services.projector.web.answers import bad_request, json_answer, not_found, pool_of

State = Literal["OK", "Closed", "Erred", "Pending"]
Code = Annotated[str, Query(pattern=r"^[A-Z0-9_]{1,64}$")]
Text = Annotated[str | None, Query(max_length=320)]
_LAST_PAGE = 10_000_000


def router() -> APIRouter:
    """The routes of this read model."""
    routes = APIRouter()

    @routes.api_route(PATH, methods=["GET", "HEAD"], dependencies=[Depends(staff_only)])
    async def accounts(
        request: Request,
        page: Annotated[int, Query(ge=1, le=_LAST_PAGE)] = 1,
        page_size: Annotated[int, Query(ge=1, le=300)] = 10,
        email: Text = None,
        username: Text = None,
        state: Annotated[list[State] | None, Query(max_length=20)] = None,
        error_code: Annotated[list[Code] | None, Query(max_length=20)] = None,
        project_uuid: Annotated[str | None, Query(max_length=36)] = None,
        project_start_date_after: date | None = None,
        project_start_date_before: date | None = None,
        project_end_date_after: date | None = None,
        project_end_date_before: date | None = None,
        o: Annotated[list[str] | None, Query(max_length=20)] = None,
    ) -> Response:
        """A page of accounts; `X-Result-Count` says how many there are, `Link` where the other pages are.

        Projects that begin or end on the days given themselves are in the list. With `error_code`, those that are Erred
        for one of these reasons; it needs `project_uuid`.
        """
        if error_code and not project_uuid:
            raise bad_request("error_code", "Name the project as well, with project_uuid.")
        only = AccountFilter(
            email=_storable(email),
            username=_storable(username),
            states=tuple(dict.fromkeys(state)) if state else None,
            codes=tuple(dict.fromkeys(error_code)) if error_code else None,
            project_id=parse_id(project_uuid) if project_uuid else None,
            starts_from=project_start_date_after,
            starts_until=project_start_date_before,
            ends_from=project_end_date_after,
            ends_until=project_end_date_before,
        )
        limit = 0 if request.method == "HEAD" else page_size
        count, rows = await read_list(
            pool_of(request), only, _order(o), limit=limit, offset=(page - 1) * page_size
        )
        last = max(1, -(-count // page_size))
        headers = {"X-Result-Count": str(count), "Link": ", ".join(_links(request, page, last))}
        if request.method == "HEAD":
            return Response(headers=headers, media_type="application/json")
        if page > last:
            raise not_found("There is no such page.")
        return json_answer([account_answer(row, origin(request)) for row in rows], headers=headers)

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
