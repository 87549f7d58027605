"""`/api/waiting/`: what waits, since when, and why."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from services.common.http import staff_only
from services.projector.waiting.documented import TAG, WAITING_NOW
from services.projector.waiting.query import first_rows, what_waits
from services.projector.waiting.report import Group, report, sentence
from services.projector.web.answers import hex_id, json_answer, pool_of, utc

_MOST = 100
Some = Annotated[int, Query(ge=0, le=_MOST, description="how many of them are named")]


def router() -> APIRouter:
    """The routes of this read model."""
    routes = APIRouter()

    @routes.get(
        "/api/waiting/",
        operation_id="read_waiting",
        tags=[TAG],
        responses=WAITING_NOW,
        dependencies=[Depends(staff_only)],
    )
    async def waiting(request: Request, imports: Some = 10, oldest: Some = 10) -> Response:
        """Read what waits and why: by cause, project and import, and the rows that wait longest.

        Accounts that wait for another attempt count once each; while the account service is paused every pending row
        waits, too.
        """
        pool = pool_of(request)
        found = await what_waits(pool, oldest=oldest)
        rows = [_retrying(row) for row in found.oldest]
        held = await first_rows(pool, found.pending, limit=oldest - len(rows))
        if held is not None:
            group, first = held
            rows += [_pending(group, row) for row in first]
        whole = report(found.retrying, found.pending, found.target, found.names, imports=imports)
        rows.sort(key=lambda row: row["since"] or "")
        return json_answer({**whole, "oldest": rows})

    return routes


def _retrying(row: Any) -> dict[str, Any]:
    return {
        "account_uuid": row["account_id"].hex,
        "import": row["import_id"].hex,
        "row": row["row"],
        "code": row["code"],
        "sentence": sentence(row["code"]),
        "since": utc(row["since"]),
        "attempts": row["attempts"],
        "next_attempt": utc(row["next_attempt_at"]),
    }


def _pending(group: Group, row: Any) -> dict[str, Any]:
    return {
        "account_uuid": hex_id(row["account_id"]),
        "import": group.import_id.hex,
        "row": row["row"],
        "code": group.code,
        "sentence": sentence(group.code),
        "since": utc(group.since),
        "attempts": row["attempts"] or 0,
        "next_attempt": utc(group.next_attempt),
    }
