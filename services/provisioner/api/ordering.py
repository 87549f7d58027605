"""Orders about many accounts: what they may name, and how they are answered."""

from typing import Annotated, Any, Final

import msgspec
from fastapi import Request
from fastapi.responses import JSONResponse

from services.common.access import Principal
from services.common.http.auditing import tell_audit
from services.provisioner.api.answers import BEHIND, JOBS
from services.provisioner.api.models import AccountJobOrdered, AccountsCounted
from services.provisioner.api.parameters import BEHIND as BEHIND_HEADER
from services.provisioner.api.parameters import LOCATION
from services.provisioner.api.rights import check_order, the_project
from services.provisioner.jobs.asking import Jobs
from services.provisioner.jobs.order import JobOrder

MOST_ACCOUNTS: Final = 2_000
MOST_ROWS: Final = 10_000
TOO_LARGE: Final = f"At most {MOST_ACCOUNTS:,} accounts or {MOST_ROWS:,} rows may be named at once."

Codes = Annotated[
    list[Annotated[str, msgspec.Meta(pattern=r"^[A-Z0-9_]{1,64}$")]], msgspec.Meta(max_length=100)
]
Rows = Annotated[list[Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]], msgspec.Meta(max_length=MOST_ROWS)]

ORDERED: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "model": AccountsCounted,
        "description": "With `dry_run`: how many there are. Nothing was changed.",
    },
    202: {
        "model": AccountJobOrdered,
        "description": "A job, as it stands after at most two seconds.",
        "headers": {**LOCATION, **BEHIND_HEADER},
    },
}


async def ordered(
    request: Request, jobs: Jobs, who: Principal, order: JobOrder, *, dry_run: bool
) -> JSONResponse:
    """The answer to an order, or to the question what it would be about.

    Raises:
        Problem: 404, not all that it names is there for this person.
    """
    await check_order(jobs, who, order)
    if dry_run:
        tell_audit(request, nothing_changed=True)
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
    tell_audit(request, project_id=the_project(job), objects=tuple(order.account_ids or ()))
    answer = {"job": job.job_id.hex, "accounts": job.total, "state": job.state}
    headers = {"Location": f"{JOBS}{job.job_id.hex}/", **({} if job.over and seen else BEHIND)}
    return JSONResponse(answer, 202, headers=headers)
