"""Jobs about parked records: how far they are, what failed again, cancel. Their list is the record of what was done."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse

from services.common.access import Principal
from services.common.http import Problem, staff_only
from services.common.http.addresses import parse_id
from services.common.http.cursors import id_of, moment_of, next_link, place_of
from services.common.http.problem_answer import problems
from services.common.parked import jobs
from services.common.parked.answers import failure_answer, job_answer
from services.common.parked.asking import Enquiries
from services.common.parked.job_models import ParkedFailures, ParkedJob, ParkedJobs
from services.common.parked.orders import MOST_RECORDS
from services.common.parked.orders import ParkedJob as Job

PageSize = Annotated[int, Query(ge=1, le=300)]
_Cursor = Annotated[str | None, Query(max_length=2000)]


def add_job_routes(router: APIRouter, ask: Enquiries) -> None:
    """Add the routes below `jobs/`."""
    of = f"parked_{ask.service}"

    @router.get(
        "/jobs/",
        dependencies=[Depends(staff_only)],
        operation_id=f"list_{of}_jobs",
        response_model=ParkedJobs,
        responses=problems(400),
    )
    async def listed(request: Request, page_size: PageSize = 100, cursor: _Cursor = None) -> JSONResponse:
        """All that was ever ordered, the newest first: who, when, what, and why."""
        place = place_of(cursor, str, str)
        before = None if place is None else (moment_of(place[0]), id_of(place[1]))
        async with ask.tables.begin() as connection:
            found = await jobs.page(connection, before=before, limit=page_size + 1)
        link = None
        if len(found) > page_size:
            last = found[page_size - 1]
            link = next_link(request, [last.created_at.isoformat(), last.job_id.hex])
        return JSONResponse({"results": [_answer(ask, one) for one in found[:page_size]], "next": link})

    @router.get(
        "/jobs/{uuid}/",
        dependencies=[Depends(staff_only)],
        operation_id=f"read_{of}_job",
        response_model=ParkedJob,
        responses=problems(404),
    )
    async def one(uuid: str) -> JSONResponse:
        """How far a job is."""
        return JSONResponse(_answer(ask, await _job(ask, uuid)))

    @router.get(
        "/jobs/{uuid}/failures/",
        dependencies=[Depends(staff_only)],
        operation_id=f"list_{of}_job_failures",
        response_model=ParkedFailures,
        responses=problems(400, 404),
    )
    async def failures(
        request: Request, uuid: str, page_size: PageSize = 100, cursor: _Cursor = None
    ) -> JSONResponse:
        """What could not be taken again, record by record, and why."""
        job_id = (await _job(ask, uuid)).job_id
        place = place_of(cursor, int)
        after = 0 if place is None else min(place[0], MOST_RECORDS)
        async with ask.tables.begin() as connection:
            found = await jobs.failures(connection, job_id, after=after, limit=page_size + 1)
        shown = found[:page_size]
        link = next_link(request, [shown[-1].number]) if len(found) > page_size else None
        return JSONResponse({"results": [failure_answer(one) for one in shown], "next": link})

    @router.post(
        "/jobs/{uuid}/cancel/",
        status_code=202,
        operation_id=f"cancel_{of}_job",
        response_model=ParkedJob,
        responses=problems(404, 409),
    )
    async def cancel(uuid: str, staff: Annotated[Principal, Depends(staff_only)]) -> JSONResponse:
        """Begin with no more of its records; what was done stays so."""
        before = await _job(ask, uuid)
        if not await ask.cancel(before.job_id, author=staff.user_id):
            raise Problem(409, "JOB_OVER", "The job is over: nothing is left to cancel.")
        return JSONResponse(_answer(ask, await _job(ask, uuid)), 202)


def ordered(ask: Enquiries, job: Job) -> JSONResponse:
    """The answer to an order."""
    answer = {"job": job.job_id.hex, "records": job.total, "state": job.state}
    return JSONResponse(answer, 202, headers={"Location": _url(ask, job)})


def _answer(ask: Enquiries, job: Job) -> dict[str, object]:
    return job_answer(job, ask.now(), ask.service, _url(ask, job))


def _url(ask: Enquiries, job: Job) -> str:
    return f"{ask.path}jobs/{job.job_id.hex}/"


async def _job(ask: Enquiries, uuid: str) -> Job:
    found = await ask.job(parse_id(uuid))
    if found is None:
        raise Problem(404, "NOT_FOUND", "There is no such job.")
    return found
