"""`/api/course-imports/{uuid}/rows/`, and the files made of them."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from schemas.facts.base import MAX_INT
from schemas.row_class import RowClass
from services.common.access import Principal
from services.common.http import SignedIn
from services.common.http.addresses import parse_id
from services.common.http.cursors import next_link, place_of
from services.common.http.signin import internal_only
from services.projector.accounts.view import Ending
from services.projector.import_progress.documented import TAG
from services.projector.import_rows.answers import row_answer
from services.projector.import_rows.documented import CREATED, EVERYTHING, FAILURES, ROW, ROWS
from services.projector.import_rows.files import (
    CREATED_HEADER,
    FAILURES_HEADER,
    ROWS_HEADER,
    any_row,
    created,
    failure,
)
from services.projector.import_rows.query import RowFilter, all_rows, list_rows, one_row, project_of_import
from services.projector.web.answers import json_answer, not_found, pool_of, sees
from services.projector.web.files import csv_file
from services.projector.web.parameters import Cursor, ImportId, Text

Code = Annotated[str, Query(pattern=r"^[A-Z0-9_]{1,64}$")]
Number = Annotated[int, Path(ge=1, le=MAX_INT)]
Ended = Literal["kept", "failed"]

_FAILURES = RowFilter(classes=(RowClass.FAILED, RowClass.INVALID))
_CREATED = RowFilter(classes=(RowClass.CREATED,))
_EVERYTHING = RowFilter()


def router() -> APIRouter:
    """The routes of this read model."""
    both = APIRouter()
    both.include_router(_public())
    both.include_router(_internal())
    return both


def _internal() -> APIRouter:
    routes = APIRouter(
        prefix="/internal/imports/{uuid}", dependencies=[Depends(internal_only)], include_in_schema=False
    )

    @routes.get("/rows/{row}/")
    async def row(request: Request, uuid: str, row: Number) -> Response:
        """One row, for the importer, which answers a correction with it."""
        return await _one(request, await _known(request, uuid, None), row)

    return routes


def _public() -> APIRouter:
    routes = APIRouter(prefix="/api/course-imports/{uuid}", tags=[TAG])

    @routes.get("/rows/", operation_id="list_import_rows", responses=ROWS)
    async def rows(
        request: Request,
        uuid: ImportId,
        principal: SignedIn,
        row_class: Annotated[list[RowClass] | None, Query(alias="class", max_length=20)] = None,
        code: Annotated[
            list[Code] | None, Query(max_length=20, description="what is wrong with it, or awaited")
        ] = None,
        text: Text = None,
        closing: Annotated[list[Ended] | None, Query(max_length=20)] = None,
        after: Annotated[
            int, Query(ge=0, le=MAX_INT, description="begin after this row; a cursor goes before it")
        ] = 0,
        cursor: Cursor = None,
        page_size: Annotated[int, Query(ge=1, le=1000, description="rows on a page")] = 100,
    ) -> Response:
        """List the rows of an import, in the order of the file.

        Rows are numbered from 1 without gaps, so a list of all of them can be entered anywhere with `after`. `text` is
        a part of the address or the description, in any case. `closing=kept` and `closing=failed` list what an undo
        left alone and what it could not close.
        """
        import_id = await _known(request, uuid, principal)
        place = place_of(cursor, int)
        page = await list_rows(
            pool_of(request),
            import_id,
            RowFilter(row_class, code, text or None, [Ending(c) for c in closing or ()]),
            after_row=min(max(place[0], 0), 2**31 - 1) if place else after,
            limit=page_size + 1,
        )
        shown = page[:page_size]
        link = next_link(request, [shown[-1]["row"]]) if len(page) > page_size else None
        return json_answer({"results": [row_answer(row) for row in shown], "next": link})

    @routes.get("/rows/{row}/", operation_id="read_import_row", responses=ROW)
    async def one(request: Request, uuid: ImportId, row: Number, principal: SignedIn) -> Response:
        """Read one row of an import."""
        return await _one(request, await _known(request, uuid, principal), row)

    @routes.get(
        "/failures.csv", operation_id="download_failures", responses=FAILURES, response_class=Response
    )
    async def failures(request: Request, uuid: ImportId, principal: SignedIn) -> Response:
        """Download failed and invalid rows as a file that can be corrected and uploaded again."""
        import_id = await _known(request, uuid, principal)
        pages = all_rows(pool_of(request), import_id, _FAILURES)
        return csv_file(f"failures-{import_id.hex}.csv", FAILURES_HEADER, pages, failure)

    @routes.get(
        "/accounts.csv", operation_id="download_created_accounts", responses=CREATED, response_class=Response
    )
    async def made(request: Request, uuid: ImportId, principal: SignedIn) -> Response:
        """Download what an import created, with the user names."""
        import_id = await _known(request, uuid, principal)
        pages = all_rows(pool_of(request), import_id, _CREATED)
        return csv_file(f"accounts-{import_id.hex}.csv", CREATED_HEADER, pages, created)

    @routes.get("/rows.csv", operation_id="download_rows", responses=EVERYTHING, response_class=Response)
    async def everything(request: Request, uuid: ImportId, principal: SignedIn) -> Response:
        """Download all rows of an import and what became of each."""
        import_id = await _known(request, uuid, principal)
        pages = all_rows(pool_of(request), import_id, _EVERYTHING)
        return csv_file(f"rows-{import_id.hex}.csv", ROWS_HEADER, pages, any_row)

    return routes


async def _one(request: Request, import_id: UUID, row: int) -> Response:
    found = await one_row(pool_of(request), import_id, row)
    if found is None:
        raise not_found("The import has no such row (yet).")
    return json_answer(row_answer(found))


async def _known(request: Request, uuid: str, principal: Principal | None) -> UUID:
    """The id of an import that somebody may see; None: one of our own services.

    Raises:
        Problem: 404, there is none (yet), or not for them.
    """
    import_id = parse_id(uuid)
    project_id = await project_of_import(pool_of(request), import_id)
    if project_id is None or not (principal is None or sees(principal, project_id)):
        raise not_found("There is no such import (yet).")
    return import_id
