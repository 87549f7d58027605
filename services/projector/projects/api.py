"""`/api/course-projects/`, for reading."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from schemas.row_class import Standing
from services.common.http import SignedIn
from services.common.http.addresses import parse_id
from services.common.http.cursors import id_of, next_link, place_of
from services.projector.accounts.answers import STATES, state_word
from services.projector.projects.documented import ONE_PROJECT, PROJECTS_PAGE, TAG
from services.projector.projects.query import list_projects, one_project
from services.projector.web.answers import hex_id, json_answer, not_found, pool_of, utc
from services.projector.web.parameters import Cursor, ProjectId, Text

Kind = Literal["course", "other"]


def router() -> APIRouter:
    """The routes of this read model."""
    routes = APIRouter(prefix="/api/course-projects", tags=[TAG])

    @routes.get("/", operation_id="list_projects", responses=PROJECTS_PAGE)
    async def projects(
        request: Request,
        principal: SignedIn,
        kind: Annotated[Kind | None, Query(description="only projects of this kind")] = None,
        text: Text = None,
        cursor: Cursor = None,
        page_size: Annotated[int, Query(ge=1, le=1000, description="projects on a page")] = 100,
    ) -> Response:
        """List the projects you have a role in, by name; for staff all of them.

        `text` is part of the name, in any case.
        """
        place = place_of(cursor, str, str)
        after = None if place is None else (place[0], id_of(place[1]))
        page = await list_projects(
            pool_of(request), after, among=principal.projects, kind=kind, text=text, limit=page_size + 1
        )
        shown = page[:page_size]
        link = None
        if len(page) > page_size:
            link = next_link(request, [shown[-1]["name"], shown[-1]["project_id"].hex])
        return json_answer({"results": [_project(row) for row in shown], "next": link})

    @routes.get("/{uuid}/", operation_id="read_project", responses=ONE_PROJECT)
    async def project(request: Request, uuid: ProjectId, principal: SignedIn) -> Response:
        """Read one project."""
        project_id = parse_id(uuid)
        row = await one_project(pool_of(request), project_id) if principal.sees(project_id) else None
        if row is None:
            raise not_found("There is no such project.")
        return json_answer(_project(row))

    return routes


def _project(row: Any) -> dict[str, Any]:
    return {
        "uuid": row["project_id"].hex,
        "name": row["name"],
        "slug": row["slug"],
        "kind": row["kind"],
        "start_date": row["start_date"].isoformat() if row["start_date"] else None,
        "end_date": row["end_date"].isoformat() if row["end_date"] else None,
        "ends_at": utc(row["ends_at"]),
        "customer_uuid": hex_id(row["customer_id"]),
        "customer_name": row["customer_name"],
        "accounts": _counts(row),
    }


def _counts(row: Any) -> dict[str, int]:
    counts = dict.fromkeys(STATES, 0)
    for standing in Standing:
        counts[state_word(standing)] += row[standing]
    return counts
