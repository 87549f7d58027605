"""`/api/marketplace-course-accounts/export.csv`: accounts as a file."""

from collections.abc import AsyncIterator, Collection
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from schemas.codes import explain
from schemas.row_class import Standing
from services.common.access import Principal
from services.common.database import Pool
from services.common.http import SignedIn
from services.common.http.account_answer import AccountState
from services.common.sql import load_queries
from services.projector.accounts.answers import PATH, standings_of, state_word
from services.projector.accounts.documented import FILE, TAG
from services.projector.web.answers import hex_id, id_of, pool_of, utc
from services.projector.web.files import Line, csv_file
from services.projector.web.parameters import IdText

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

    @routes.get(
        f"{PATH}export.csv",
        operation_id="export_accounts",
        tags=[TAG],
        responses=FILE,
        response_class=Response,
    )
    async def export(
        request: Request,
        principal: SignedIn,
        state: Annotated[
            list[AccountState] | None, Query(max_length=20, description="only those in one of these states")
        ] = None,
        project_uuid: Annotated[IdText | None, Query(description="only those of this project")] = None,
    ) -> Response:
        """Download all accounts, or those in some states or of one project.

        It is made while it is read: as long as the list is, and as fast as you read.
        """
        standings = [s for word in state for s in standings_of(word)] if state else None
        project_id = id_of("project_uuid", project_uuid)
        pages = _all_accounts(pool_of(request), standings, _projects(principal, project_id))
        return csv_file("accounts.csv", HEADER, pages, _line)

    return routes


def _projects(principal: Principal, project_id: UUID | None) -> list[UUID] | None:
    """The projects that the file is about; None: all."""
    if project_id is None:
        return principal.projects
    return [project_id] if principal.sees(project_id) else []


async def _all_accounts(
    pool: Pool, standings: Collection[str] | None, projects: Collection[UUID] | None
) -> AsyncIterator[list[Any]]:
    """In pages; no connection is held while the reader is slow."""
    if projects is None:
        after: UUID | None = None
        while page := await pool.fetch(_SQL["next_accounts"], after, standings, _PAGE):
            yield page
            after = page[-1]["account_id"]
    for project_id in projects or ():
        place: tuple[datetime | None, UUID | None] = (None, None)
        while page := await pool.fetch(_SQL["next_of_project"], *place, standings, project_id, _PAGE):
            yield page
            place = page[-1]["created"], page[-1]["account_id"]


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
