"""`GET /api/import-drafts/`: so that an upload that was not finished is found again."""

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request
from pydantic import ConfigDict, Field

from services.common.http import HexId, SignedIn
from services.common.http.cursors import id_of, moment_of, next_link, place_of
from services.common.http.problem_answer import problems
from services.importer.api.answers import NO_VERDICTS, Answer, DraftState, Source, VerdictCounts
from services.importer.api.deps import Parts
from services.importer.api.upload_documented import PATH
from services.importer.drafts.listing import newest_drafts
from services.importer.showing import person

_EXAMPLE: Final[dict[str, Any]] = {
    "uuid": "6c8f1f1e0b8c5f3c9d0f9a3b8e7d6c5b",
    "state": "previewed",
    "project_uuid": "2f1d3a5b7c9e4f60a1b2c3d4e5f60718",
    "created": "2026-09-01T08:00:00Z",
    "created_by": "9b2d8e7f6a5c4b3d8e1f0a9b8c7d6e5f",
    "expires": "2026-09-08T08:00:00Z",
    "source": "file",
    "file_name": "course.csv",
    "file_bytes": 12345,
    "rows": 300,
    "verdicts": {**NO_VERDICTS, "new": 289, "duplicate": 5, "invalid": 6},
}


class DraftInList(Answer):
    """A draft, shortly."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    uuid: HexId
    state: DraftState
    project_uuid: HexId
    created: datetime
    created_by: str
    expires: datetime
    source: Source
    file_name: str | None
    file_bytes: int
    rows: int = Field(description="read so far")
    verdicts: VerdictCounts


class DraftList(Answer):
    """Drafts, the newest first."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"results": [_EXAMPLE], "next": None}]}
    )

    results: list[DraftInList]
    next: str | None = Field(description="the address of the next page; null on the last one")


def draft_list_router(parts: Parts) -> APIRouter:
    """The route."""
    router = APIRouter(prefix=PATH.rstrip("/"), tags=["import drafts"])

    @router.get("/", operation_id="list_drafts", response_model=DraftList, responses=problems(400))
    async def drafts(
        request: Request,
        principal: SignedIn,
        project: Annotated[UUID | None, Query(description="of this project only")] = None,
        state: Annotated[list[DraftState] | None, Query(max_length=10)] = None,
        cursor: Annotated[str | None, Query(max_length=2000)] = None,
        page_size: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> DraftList:
        """List drafts of the projects you may see, the newest first.

        Also those that were submitted: the import has the same uuid.
        """
        place = place_of(cursor, str, str)
        after = None if place is None else (moment_of(place[0]), id_of(place[1]))
        projects = principal.projects
        if project is not None:
            projects = [project] if principal.sees(project) else []
        found = await newest_drafts(parts.pool, projects, state, after, page_size + 1)
        page = found[:page_size]
        following = None
        if len(found) > page_size:
            last = page[-1]
            following = next_link(request, [last["created_at"].isoformat(), last["draft_id"].hex])
        return DraftList(results=[_shown(row) for row in page], next=following)

    return router


def _shown(row: Any) -> DraftInList:
    return DraftInList(
        uuid=row["draft_id"],
        state=row["state"],
        project_uuid=row["project_id"],
        created=row["created_at"],
        created_by=person(row["created_by"]),
        expires=row["expires_at"],
        source=row["source"],
        file_name=row["file_name"],
        file_bytes=row["file_bytes"],
        rows=row["rows"],
        verdicts={**NO_VERDICTS, **orjson.loads(row["verdicts"] or "{}")},
    )
