"""`/api/course-imports/{uuid}/retry/`: the failed accounts of an import, all, by code or by row."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from services.common.http import Writer
from services.common.http.addresses import parse_id
from services.common.http.body_schema import json_body
from services.common.http.problem_answer import problems
from services.provisioner.api.bodies import Reason, read_body, storable
from services.provisioner.api.ordering import ORDERED, TOO_LARGE, Codes, Rows, ordered
from services.provisioner.api.parameters import Key, Uuid
from services.provisioner.jobs.asking import Jobs
from services.provisioner.jobs.order import JobOrder, under

MOST_BYTES = 256 * 1024


class RetryBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which of the failed rows; without codes and rows all of them."""

    codes: Codes = []
    rows: Rows = []
    reason: Reason = ""


_BODY = msgspec.json.Decoder(RetryBody)
_EXAMPLE = {"codes": ["REFUSED"], "reason": "the account service is well again"}


def imports_router(jobs: Jobs) -> APIRouter:
    """Commands about the accounts of an import."""
    router = APIRouter(prefix="/api/course-imports/{uuid}", tags=["imports"])

    @router.post(
        "/retry/",
        status_code=202,
        operation_id="retry_import",
        summary="Try the failed accounts of an import again",
        responses={**ORDERED, **problems(400, 404, 413)},
        openapi_extra=json_body(RetryBody, example=_EXAMPLE, required=False),
    )
    async def retry(
        request: Request,
        who: Writer,
        uuid: Uuid,
        dry_run: Annotated[bool, Query(description="only say how many, by code")] = False,
        key: Key = None,
    ) -> JSONResponse:
        """All of them, or those with some codes, or in some rows; a job, which is followed at `Location`."""
        import_id = parse_id(uuid)
        body = await read_body(request, _BODY, most_bytes=MOST_BYTES, too_large=TOO_LARGE)
        order = JobOrder(
            action="retry",
            author=who.user_id,
            reason=storable(body.reason),
            import_id=import_id,
            codes=body.codes,
            rows=body.rows,
        )
        return await ordered(request, jobs, who, under(key, order), dry_run=dry_run)

    return router
