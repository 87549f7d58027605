"""`/api/course-projects/`, for reading."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from services.common.http import staff_only
from services.common.http.addresses import parse_id
from services.common.http.cursors import next_link, place_of
from services.projector.projects.query import list_projects, one_project
from services.projector.web.answers import json_answer, not_found, pool_of, utc


def router() -> APIRouter:
    """The routes of this read model."""
    routes = APIRouter(prefix="/api/course-projects", dependencies=[Depends(staff_only)])

    @routes.get("/")
    async def projects(
        request: Request,
        cursor: str | None = None,
        page_size: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> Response:
        """Projects by name."""
        place = place_of(cursor, str, str)
        after = None if place is None else (place[0].replace("\x00", ""), parse_id(place[1]))
        page = await list_projects(pool_of(request), after, limit=page_size + 1)
        shown = page[:page_size]
        link = None
        if len(page) > page_size:
            link = next_link(request, [shown[-1]["name"], shown[-1]["project_id"].hex])
        return json_answer({"results": [_project(row) for row in shown], "next": link})

    @routes.get("/{uuid}/")
    async def project(request: Request, uuid: str) -> Response:
        """One project."""
        row = await one_project(pool_of(request), parse_id(uuid))
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
    }
