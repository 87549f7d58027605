"""`/api/course-imports/{uuid}/rows/`, and the files made of them."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from schemas.facts.base import MAX_INT
from schemas.row_class import RowClass
from services.common.http import staff_only
from services.common.http.addresses import parse_id
from services.common.http.cursors import next_link, place_of
from services.common.http.signin import internal_only
from services.projector.accounts.view import Ending
from services.projector.import_rows.answers import row_answer
from services.projector.import_rows.files import (
    CREATED_HEADER,
    FAILURES_HEADER,
    ROWS_HEADER,
    any_row,
    created,
    failure,
)
from services.projector.import_rows.query import RowFilter, all_rows, import_known, list_rows, one_row
from services.projector.web.answers import json_answer, not_found, pool_of
from services.projector.web.files import csv_file

Text = Annotated[str | None, Query(max_length=320)]
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
        return await _one(request, uuid, row)

    return routes


def _public() -> APIRouter:
    routes = APIRouter(prefix="/api/course-imports/{uuid}", dependencies=[Depends(staff_only)])

    @routes.get("/rows/")
    async def rows(
        request: Request,
        uuid: str,
        row_class: Annotated[list[RowClass] | None, Query(alias="class")] = None,
        code: Annotated[list[str] | None, Query(max_length=20)] = None,
        text: Text = None,
        closing: Annotated[list[Ended] | None, Query()] = None,
        cursor: str | None = None,
        page_size: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> Response:
        """The rows of an import, in the order of the file.

        `closing=kept` and `closing=failed` list what an undo left alone and what it could not close.
        """
        import_id = await _known(request, uuid)
        place = place_of(cursor, int)
        page = await list_rows(
            pool_of(request),
            import_id,
            RowFilter(row_class, _storable(code), _printable(text), [Ending(c) for c in closing or ()]),
            after_row=min(place[0], 2**31 - 1) if place and place[0] > 0 else 0,
            limit=page_size + 1,
        )
        shown = page[:page_size]
        link = next_link(request, [shown[-1]["row"]]) if len(page) > page_size else None
        return json_answer({"results": [row_answer(row) for row in shown], "next": link})

    @routes.get("/rows/{row}/")
    async def one(request: Request, uuid: str, row: Number) -> Response:
        """One row."""
        return await _one(request, uuid, row)

    @routes.get("/failures.csv")
    async def failures(request: Request, uuid: str) -> Response:
        """Failed and invalid rows as a file that can be corrected and uploaded again."""
        import_id = await _known(request, uuid)
        pages = all_rows(pool_of(request), import_id, _FAILURES)
        return csv_file(f"failures-{import_id.hex}.csv", FAILURES_HEADER, pages, failure)

    @routes.get("/accounts.csv")
    async def made(request: Request, uuid: str) -> Response:
        """What this import created, with the usernames."""
        import_id = await _known(request, uuid)
        pages = all_rows(pool_of(request), import_id, _CREATED)
        return csv_file(f"accounts-{import_id.hex}.csv", CREATED_HEADER, pages, created)

    @routes.get("/rows.csv")
    async def everything(request: Request, uuid: str) -> Response:
        """All rows and what became of each."""
        import_id = await _known(request, uuid)
        pages = all_rows(pool_of(request), import_id, _EVERYTHING)
        return csv_file(f"rows-{import_id.hex}.csv", ROWS_HEADER, pages, any_row)

    return routes


async def _one(request: Request, uuid: str, row: int) -> Response:
    import_id = await _known(request, uuid)
    found = await one_row(pool_of(request), import_id, row)
    if found is None:
        raise not_found("The import has no such row (yet).")
    return json_answer(row_answer(found))


async def _known(request: Request, uuid: str) -> UUID:
    import_id = parse_id(uuid)
    if not await import_known(pool_of(request), import_id):
        raise not_found("There is no such import (yet).")
    return import_id


def _printable(text: str | None) -> str | None:
    return text.replace("\x00", "") or None if text else None


def _storable(codes: list[str] | None) -> list[str] | None:
    return [code.replace("\x00", "") for code in codes] if codes else None
