"""`/api/course-imports/{uuid}/retry/`: the failed accounts of an import, all, by code or by row."""

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from services.common.http.addresses import parse_id
from services.provisioner.api.accounts import Key
from services.provisioner.api.bodies import Reason, read_body, storable
from services.provisioner.api.jobs import MOST_BYTES, TOO_LARGE, Codes, Rows, ordered
from services.provisioner.api.rights import Commander
from services.provisioner.jobs.asking import Jobs
from services.provisioner.jobs.order import JobOrder, under


class RetryBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which of the failed rows; without codes and rows all of them."""

    codes: Codes = []
    rows: Rows = []
    reason: Reason = ""


_BODY = msgspec.json.Decoder(RetryBody)


def imports_router(jobs: Jobs) -> APIRouter:
    """Commands about the accounts of an import."""
    router = APIRouter(prefix="/api/course-imports/{uuid}", tags=["course imports"])

    @router.post("/retry/", status_code=202)
    async def retry(
        request: Request, commander: Commander, uuid: str, dry_run: bool = False, key: Key = None
    ) -> JSONResponse:
        """Try the failed ones again; with `dry_run` only say how many, by code."""
        import_id = parse_id(uuid)
        body = await read_body(request, _BODY, most_bytes=MOST_BYTES, too_large=TOO_LARGE)
        order = JobOrder(
            action="retry",
            author=commander.user_id,
            reason=storable(body.reason),
            import_id=import_id,
            codes=body.codes,
            rows=body.rows,
        )
        return await ordered(jobs, under(key, order), dry_run=dry_run)

    return router
