"""`/api/jobs/`: many accounts at once, with a dry run, progress, cancel, and what could not be done."""

from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse

from services.common.http import Problem, staff_only
from services.common.http.addresses import parse_id
from services.common.http.cursors import next_link, place_of
from services.provisioner.api.accounts import Key
from services.provisioner.api.answers import BEHIND, JOBS, job_answer, refusal_answer
from services.provisioner.api.bodies import Reason, read_body, storable
from services.provisioner.api.rights import Commander
from services.provisioner.jobs.asking import Jobs
from services.provisioner.jobs.order import Job, JobOrder, under

MOST_ACCOUNTS = 2_000
MOST_ROWS = 10_000
MOST_BYTES = 256 * 1024
TOO_LARGE = f"At most {MOST_ACCOUNTS:,} accounts or {MOST_ROWS:,} rows may be named at once."
_RECENT = timedelta(minutes=1)

Codes = Annotated[
    list[Annotated[str, msgspec.Meta(pattern=r"^[A-Z0-9_]{1,64}$")]], msgspec.Meta(max_length=100)
]
Rows = Annotated[list[Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]], msgspec.Meta(max_length=MOST_ROWS)]
PageSize = Annotated[int, Query(ge=1, le=300)]
Cursor = Annotated[str | None, Query(max_length=2000)]


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


def jobs_router(jobs: Jobs) -> APIRouter:
    """Jobs of all kinds this service runs."""
    router = APIRouter(prefix=JOBS.rstrip("/"), tags=["jobs"])

    @router.get("/", dependencies=[Depends(staff_only)])
    async def listed(request: Request, page_size: PageSize = 100, cursor: Cursor = None) -> JSONResponse:
        """The jobs of the last thirty days, the newest first."""
        before = place_of(cursor, str, str)
        found = await jobs.page(
            None if before is None else (_moment(before[0]), parse_id(before[1])), limit=page_size + 1
        )
        link = None
        if len(found) > page_size:
            last = found[page_size - 1]
            link = next_link(request, [last.created_at.isoformat(), last.job_id.hex])
        results = [job_answer(job, jobs.now()) for job in found[:page_size]]
        return JSONResponse({"results": results, "next": link})

    @router.post("/", status_code=202)
    async def ask(request: Request, commander: Commander, key: Key = None) -> JSONResponse:
        """Retry or close many accounts; with `dry_run` only say how many, by state and by code."""
        body = await read_body(request, _BODY, most_bytes=MOST_BYTES, too_large=TOO_LARGE)
        if sum(where is not None for where in (body.project, body.import_, body.accounts)) != 1:
            raise Problem(400, "WHICH_ACCOUNTS", "Name one of project, import and accounts.")
        if body.rows and body.import_ is None:
            raise Problem(400, "WHICH_ACCOUNTS", "Rows are those of an import: name it.")
        order = JobOrder(
            action=body.action,
            author=commander.user_id,
            reason=storable(body.reason),
            project_id=body.project,
            import_id=body.import_,
            account_ids=body.accounts,
            codes=body.codes,
            rows=body.rows,
        )
        return await ordered(jobs, under(key, order), dry_run=body.dry_run)

    @router.get("/{uuid}/", dependencies=[Depends(staff_only)])
    async def job(uuid: str) -> JSONResponse:
        """How far a job is; one that is just over is answered when the lists show what it did."""
        found = await _job(jobs, uuid)
        fresh = found.finished_at is not None and jobs.now() - found.finished_at < _RECENT
        seen = await jobs.seen(found) if fresh else True
        return JSONResponse(job_answer(found, jobs.now()), headers={} if seen else BEHIND)

    @router.get("/{uuid}/refusals/", dependencies=[Depends(staff_only)])
    async def refused(
        request: Request, uuid: str, page_size: PageSize = 100, cursor: Cursor = None
    ) -> JSONResponse:
        """What could not be done, account by account, and why."""
        job_id = (await _job(jobs, uuid)).job_id
        after = place_of(cursor, str)
        found = await jobs.refusals(
            job_id, after=None if after is None else parse_id(after[0]), limit=page_size + 1
        )
        shown = found[:page_size]
        link = next_link(request, [shown[-1].account_id.hex]) if len(found) > page_size else None
        return JSONResponse({"results": [refusal_answer(one) for one in shown], "next": link})

    @router.post("/{uuid}/cancel/", status_code=202)
    async def cancel(commander: Commander, uuid: str) -> JSONResponse:  # noqa: ARG001 - asks for the right
        """Drop what has not begun; what is decided stays so."""
        before = await _job(jobs, uuid)
        cancelled = await jobs.cancel(before.job_id)
        if cancelled is None:
            raise Problem(409, "JOB_OVER", "The job is over: nothing is left to cancel.")
        return JSONResponse(job_answer(cancelled, jobs.now()), 202)

    return router


async def ordered(jobs: Jobs, order: JobOrder, *, dry_run: bool) -> JSONResponse:
    """The answer to an order, or to the question what it would be about.

    Raises:
        Problem: 404, nobody knows the import.
    """
    if order.import_id is not None and not await jobs.knows_import(order.import_id):
        raise Problem(404, "NOT_FOUND", "There is no such import, or it has asked for no account yet.")
    if dry_run:
        counted = await jobs.count(order)
        return JSONResponse(
            {
                "dry_run": True,
                "action": order.action,
                "accounts": counted.accounts,
                "by_code": counted.by_code,
                "by_state": counted.by_state,
            }
        )
    job, seen = await jobs.many(order)
    answer = {"job": job.job_id.hex, "accounts": job.total, "state": job.state}
    headers = {"Location": f"{JOBS}{job.job_id.hex}/", **({} if job.over and seen else BEHIND)}
    return JSONResponse(answer, 202, headers=headers)


async def _job(jobs: Jobs, uuid: str) -> Job:
    found = await jobs.find(parse_id(uuid))
    if found is None:
        raise Problem(
            404, "NOT_FOUND", "There is no such job. Jobs are kept for thirty days after their end."
        )
    return found


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = datetime.min  # noqa: DTZ901 - without a zone, like all that is not ours
    if moment.tzinfo is None:
        raise Problem(404, "NOT_FOUND", "There is no such page.")
    return moment
