"""`/api/course-projects/`, for writing: each change is a record on the projects topic."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final
from uuid import uuid4

import msgspec
from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse

from services.common.http import Problem, SignedIn, Staff, Writer
from services.common.http.addresses import parse_id
from services.common.http.auditing import tell_audit
from services.common.http.body_schema import json_body
from services.common.http.documented import answer_headers
from services.common.http.problem_answer import problems
from services.importer.api.accounts import Key
from services.importer.api.json_body import read_json
from services.importer.api.project_bodies import (
    BODY_EXAMPLE,
    NewProjectBody,
    ProjectBody,
    ProjectChanges,
    ProjectRecord,
    changes,
    record_answer,
    whole,
)
from services.importer.domain.direct import keyed_import_id
from services.importer.domain.projects import ProjectRefused
from services.importer.projects.commands import ProjectCommands, etag
from services.importer.projects.writing import Written

PATH: Final = "/api/course-projects/"
_MOST_BYTES: Final = 512 * 1024
_HEADERS: Final = answer_headers(
    ETag="the revision; send it back as If-Match to change only what you have seen",
    X_Read_Model="`behind`: the list of projects does not have it yet",
)
_NEW: Final = msgspec.json.Decoder(NewProjectBody)
_WHOLE: Final = msgspec.json.Decoder(ProjectBody)
_CHANGES: Final = msgspec.json.Decoder(ProjectChanges)

IfMatch = Annotated[
    str | None,
    Header(max_length=200, description="an ETag: change the project only if it is still what you have seen"),
]


def _says(description: str) -> dict[str, Any]:
    return {"model": ProjectRecord, "description": description, "headers": _HEADERS}


def projects_router(commands: ProjectCommands) -> APIRouter:
    """Routes that write projects, and the one that reads a record whole."""
    router = APIRouter(prefix=PATH.rstrip("/"), tags=["projects"])

    @router.post(
        "/",
        status_code=201,
        operation_id="create_project",
        responses={201: _says("The project."), **problems(400, 409, 413, 415, 422)},
        openapi_extra=json_body(NewProjectBody, example=BODY_EXAMPLE),
    )
    async def create(request: Request, principal: Staff, key: Key = None) -> JSONResponse:
        """Add a project."""
        body = await read_json(request, _NEW, most_bytes=_MOST_BYTES)
        keyed = body.uuid is None and key is not None
        derived = keyed_import_id(f"project {principal.user_id}", key) if keyed and key else uuid4()
        project_id = body.uuid or derived
        tell_audit(request, project_id=project_id)
        written = await _done(lambda: commands.add(whole(project_id, body), keyed=keyed))
        more = {"Location": f"{PATH}{project_id.hex}/"}
        if not written.changed:
            more["Idempotent-Replayed"] = "true"
        return _answer(written, 201, more)

    @router.put(
        "/{uuid}/",
        operation_id="replace_project",
        responses={200: _says("The project."), **problems(400, 404, 409, 412, 413, 415)},
        openapi_extra=json_body(ProjectBody, example=BODY_EXAMPLE),
    )
    async def put(request: Request, principal: Writer, uuid: str, if_match: IfMatch = None) -> JSONResponse:
        """Describe a project anew.

        What is left out is as for a new one, but its slug stays. A deleted one is there again.
        """
        project_id = parse_id(uuid)
        principal.check_manages(project_id)
        body = await read_json(request, _WHOLE, most_bytes=_MOST_BYTES)
        tell_audit(request, project_id=project_id)
        slug = body.slug is not None
        written = await _done(
            lambda: commands.describe(principal, whole(project_id, body), slug=slug, if_match=if_match)
        )
        return _answer(written, 200)

    @router.patch(
        "/{uuid}/",
        operation_id="change_project",
        responses={200: _says("The project."), **problems(400, 404, 409, 412, 413, 415)},
        openapi_extra=json_body(ProjectChanges, example={"end_date": "2027-01-29"}),
    )
    async def patch(request: Request, principal: Writer, uuid: str, if_match: IfMatch = None) -> JSONResponse:
        """Change some fields of a project.

        Managers and owners may move the end of their own courses: extend them, or end them now or later. Everything
        else is changed by staff. A new `end_date` takes the place of an exact `ends_at`, and the other way round.
        """
        project_id = parse_id(uuid)
        principal.check_manages(project_id)
        body = await read_json(request, _CHANGES, most_bytes=_MOST_BYTES)
        tell_audit(request, project_id=project_id)
        written = await _done(lambda: commands.change(principal, project_id, changes(body), if_match))
        return _answer(written, 200)

    @router.delete(
        "/{uuid}/",
        operation_id="delete_project",
        responses={200: _says("The project, deleted."), **problems(404, 412)},
    )
    async def delete(
        request: Request, principal: Writer, uuid: str, if_match: IfMatch = None
    ) -> JSONResponse:
        """Delete a project.

        Its accounts are closed, and some weeks later what names people is removed. Repeated, the same answer.
        """
        project_id = parse_id(uuid)
        tell_audit(request, project_id=project_id)
        return _answer(await _done(lambda: commands.delete(principal, project_id, if_match)), 200)

    @router.get(
        "/{uuid}/record/",
        operation_id="read_project_record",
        responses={200: _says("The record."), **problems(404)},
    )
    async def record(principal: SignedIn, uuid: str) -> JSONResponse:
        """Read a project's record whole: its revision, and everybody who has a role in it."""
        return _answer(await commands.read(principal, parse_id(uuid)), 200)

    return router


async def _done(ask: Callable[[], Awaitable[Written]]) -> Written:
    try:
        return await ask()
    except ProjectRefused as error:
        raise Problem(error.status, error.code, error.detail, errors=error.errors) from None


def _answer(written: Written, status: int, more: dict[str, str] | None = None) -> JSONResponse:
    headers = {"ETag": etag(written.project), **(more or {})}
    if not written.seen:
        headers["X-Read-Model"] = "behind"
    return JSONResponse(record_answer(written.project), status, headers)
