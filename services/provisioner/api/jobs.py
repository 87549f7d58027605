"""`/api/jobs/`: many accounts at once, with a dry run, progress, cancel, and what could not be done."""

from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from services.common.access import Principal
from services.common.http import Problem, SignedIn, Writer
from services.common.http.addresses import parse_id
from services.common.http.auditing import tell_audit
from services.common.http.body_schema import json_body
from services.common.http.cursors import id_of, moment_of, next_link, place_of
from services.common.http.problem_answer import problems
from services.provisioner.api.answers import BEHIND, JOBS, job_answer, refusal_answer
from services.provisioner.api.bodies import Reason, read_body, storable
from services.provisioner.api.models import AccountJob, AccountJobPage, AccountJobRefusals
from services.provisioner.api.ordering import MOST_ACCOUNTS, ORDERED, TOO_LARGE, Codes, Rows, ordered
from services.provisioner.api.parameters import BEHIND as BEHIND_HEADER
from services.provisioner.api.parameters import Cursor, Key, PageSize, Uuid
from services.provisioner.api.rights import sees_job, the_project
from services.provisioner.jobs.asking import Jobs
from services.provisioner.jobs.order import Job, JobOrder, under

MOST_BYTES = 256 * 1024
_RECENT = timedelta(minutes=1)


class JobBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be done, and to which accounts: those of a project, of an import, or these."""

    action: Literal["retry", "close"]
    project: UUID | None = None
    import_: UUID | None = msgspec.field(default=None, name="import")
    accounts: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=MOST_ACCOUNTS)] | None = None
    codes: Codes = []
    rows: Rows = []
    reason: Reason = ""
    dry_run: bool = False


_BODY = msgspec.json.Decoder(JobBody)
_EXAMPLE = {
    "action": "close",
    "project": "2f1d3a5b7c9e4f60a1b2c3d4e5f60718",
    "reason": "the course does not take place",
    "dry_run": True,
}


def jobs_router(jobs: Jobs) -> APIRouter:
    """Jobs of all kinds this service runs."""
    router = APIRouter(prefix=JOBS.rstrip("/"), tags=["jobs"])

    @router.get(
        "/",
        operation_id="list_jobs",
        summary="The jobs of the last thirty days, the newest first",
        response_model=AccountJobPage,
        responses=problems(400),
    )
    async def listed(
        request: Request, who: SignedIn, page_size: PageSize = 100, cursor: Cursor = None
    ) -> JSONResponse:
        """Those of which all projects are visible."""
        place = place_of(cursor, str, str)
        before = None if place is None else (moment_of(place[0]), id_of(place[1]))
        found = await jobs.page(before, limit=page_size + 1, projects=who.projects)
        link = None
        if len(found) > page_size:
            last = found[page_size - 1]
            link = next_link(request, [last.created_at.isoformat(), last.job_id.hex])
        results = [job_answer(job, jobs.now()) for job in found[:page_size]]
        return JSONResponse({"results": results, "next": link})

    @router.post(
        "/",
        status_code=202,
        operation_id="create_job",
        summary="Retry or close many accounts",
        responses={**ORDERED, **problems(400, 404, 413)},
        openapi_extra=json_body(JobBody, example=_EXAMPLE),
    )
    async def ask(request: Request, who: Writer, key: Key = None) -> JSONResponse:
        """Of one project, of one import, or by name; with `dry_run` only say how many, by state and by code."""
        return await _ask(jobs, request, who, key)

    @router.get(
        "/{uuid}/",
        operation_id="read_job",
        summary="How far a job is",
        response_model=AccountJob,
        responses={200: {"headers": BEHIND_HEADER}, **problems(404)},
    )
    async def job(who: SignedIn, uuid: Uuid) -> JSONResponse:
        """One that is just over is answered when the lists show what it did."""
        found = await _job(jobs, who, uuid)
        fresh = found.finished_at is not None and jobs.now() - found.finished_at < _RECENT
        seen = await jobs.seen(found) if fresh else True
        return JSONResponse(job_answer(found, jobs.now()), headers={} if seen else BEHIND)

    @router.get(
        "/{uuid}/refusals/",
        operation_id="list_job_refusals",
        summary="What a job could not do, account by account, and why",
        response_model=AccountJobRefusals,
        responses=problems(400, 404),
    )
    async def refused(
        request: Request, who: SignedIn, uuid: Uuid, page_size: PageSize = 100, cursor: Cursor = None
    ) -> JSONResponse:
        """In the order of the accounts' ids."""
        job_id = (await _job(jobs, who, uuid)).job_id
        place = place_of(cursor, str)
        after = None if place is None else id_of(place[0])
        found = await jobs.refusals(job_id, after=after, limit=page_size + 1)
        shown = found[:page_size]
        link = next_link(request, [shown[-1].account_id.hex]) if len(found) > page_size else None
        return JSONResponse({"results": [refusal_answer(one) for one in shown], "next": link})

    @router.post(
        "/{uuid}/cancel/",
        status_code=202,
        operation_id="cancel_job",
        summary="Drop what a job has not begun",
        response_model=AccountJob,
        responses=problems(404, 409),
    )
    async def cancel(request: Request, who: Writer, uuid: Uuid) -> JSONResponse:
        """What is decided stays so."""
        before = await _job(jobs, who, uuid)
        cancelled = await jobs.cancel(before.job_id)
        if cancelled is None:
            raise Problem(409, "JOB_OVER", "The job is over: nothing is left to cancel.")
        tell_audit(request, project_id=the_project(cancelled))
        return JSONResponse(job_answer(cancelled, jobs.now()), 202)

    return router


async def _ask(jobs: Jobs, request: Request, who: Principal, key: str | None) -> JSONResponse:
    body = await read_body(request, _BODY, most_bytes=MOST_BYTES, too_large=TOO_LARGE)
    if sum(where is not None for where in (body.project, body.import_, body.accounts)) != 1:
        raise Problem(400, "WHICH_ACCOUNTS", "Name one of project, import and accounts.")
    if body.rows and body.import_ is None:
        raise Problem(400, "WHICH_ACCOUNTS", "Rows are those of an import: name it.")
    order = JobOrder(
        action=body.action,
        author=who.user_id,
        reason=storable(body.reason),
        project_id=body.project,
        import_id=body.import_,
        account_ids=body.accounts,
        codes=body.codes,
        rows=body.rows,
    )
    return await ordered(request, jobs, who, under(key, order), dry_run=body.dry_run)


async def _job(jobs: Jobs, who: Principal, uuid: str) -> Job:
    found = await jobs.find(parse_id(uuid))
    if found is None or not sees_job(who, found):
        raise Problem(
            404, "NOT_FOUND", "There is no such job. Jobs are kept for thirty days after their end."
        )
    return found
