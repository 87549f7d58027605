"""`/api/marketplace-course-accounts/export.csv`: accounts as a file."""

from collections.abc import AsyncIterator, Collection
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from schemas.codes import explain
from schemas.row_class import Standing
from services.common.database import Pool
from services.common.http import staff_only
from services.common.http.addresses import parse_id
from services.common.sql import load_queries
from services.projector.accounts.answers import PATH, standings_of, state_word
from services.projector.web.answers import hex_id, pool_of, utc
from services.projector.web.files import Line, csv_file

State = Literal["OK", "Closed", "Erred", "Pending"]

HEADER: Line = (
    "email",
    "description",
    "username",
    "state",
    "error_code",
    "error",
    "project_name",
    "project_uuid",
    "created",
    "modified",
    "account_uuid",
)
_SQL = load_queries("services.projector.accounts", "export.sql")
_PAGE = 1000


def router() -> APIRouter:
    """The route of the file."""
    routes = APIRouter()

    @routes.get(f"{PATH}export.csv", dependencies=[Depends(staff_only)])
    async def export(
        request: Request,
        state: Annotated[list[State] | None, Query(max_length=4)] = None,
        project_uuid: Annotated[str | None, Query(max_length=36)] = None,
    ) -> Response:
        """All accounts, or those in some states or of one project; in no order that means anything."""
        standings = [s for word in state for s in standings_of(word)] if state else None
        project_id = parse_id(project_uuid) if project_uuid else None
        pages = _all_accounts(pool_of(request), standings, project_id)
        return csv_file("accounts.csv", HEADER, pages, _line)

    return routes


async def _all_accounts(
    pool: Pool, standings: Collection[str] | None, project_id: UUID | None
) -> AsyncIterator[list[Any]]:
    """In pages; no connection is held while the reader is slow."""
    after: UUID | None = None
    while page := await pool.fetch(_SQL["next_accounts"], after, standings, project_id, _PAGE):
        yield page
        after = page[-1]["account_id"]


def _line(row: Any) -> Line:
    erred = row["standing"] == Standing.ERRED
    code = (row["code"] or "") if erred else ""
    return (
        row["email"],
        row["description"],
        row["username"] or "",
        state_word(row["standing"]),
        code,
        (row["message"] or explain(code).message) if erred else "",
        row["project_name"] or "",
        hex_id(row["project_id"]) or "",
        utc(row["created"]) or "",
        utc(row["modified"]) or "",
        hex_id(row["account_id"]) or "",
    )
