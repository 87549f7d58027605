"""`/api/marketplace-course-accounts/{uuid}/`: retry one account, close one account."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse

from schemas.codes import explain
from services.common.http import Problem
from services.common.http.addresses import origin, parse_id
from services.provisioner.api.answers import ACCOUNTS, BEHIND, account_answer, retried
from services.provisioner.api.bodies import Reason, read_body, storable
from services.provisioner.api.rights import Commander
from services.provisioner.jobs.asking import Answered, Jobs, NobodyDecides
from services.provisioner.jobs.order import Action, JobOrder, under

_MOST_BYTES = 16 * 1024
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]
"""The same key of the same person for the same command: it is done once, and answered as it was."""


class CommandBody(msgspec.Struct, frozen=True):
    """What may be said with a command."""

    reason: Reason = ""


_BODY = msgspec.json.Decoder(CommandBody)


def accounts_router(jobs: Jobs) -> APIRouter:
    """Commands about one account."""
    router = APIRouter(prefix=f"{ACCOUNTS}{{uuid}}", tags=["course accounts"])

    @router.post("/retry/", status_code=202)
    async def retry(request: Request, commander: Commander, uuid: str, key: Key = None) -> JSONResponse:
        """Try again to make an account that has failed; the answer shows it Pending, without its error."""
        answered = await _command(jobs, request, commander.user_id, "retry", parse_id(uuid), key)
        return _answer(answered, retried(_account(request, answered)))

    @router.delete("/", status_code=202)
    async def close(request: Request, commander: Commander, uuid: str, key: Key = None) -> JSONResponse:
        """Close an account; `phase` is `closing` until the account service has confirmed it. Repeated, the same."""
        answered = await _command(jobs, request, commander.user_id, "close", parse_id(uuid), key)
        return _answer(answered, _account(request, answered))

    return router


async def _command(
    jobs: Jobs, request: Request, author: str, action: Action, account_id: UUID, key: str | None
) -> Answered:
    body = await read_body(
        request, _BODY, most_bytes=_MOST_BYTES, too_large="A reason has at most 2,000 characters."
    )
    order = JobOrder(
        action=action,
        author=author,
        reason=storable(body.reason),
        account_ids=[account_id],
    )
    try:
        answered = await jobs.one(account_id, under(key, order))
    except NobodyDecides:
        raise Problem(
            503,
            "NOBODY_DECIDES",
            "Nobody looks after this account at the moment, as just after a start. Nothing was changed; try again.",
            headers={"Retry-After": "2"},
        ) from None
    if answered is None:
        raise Problem(404, "NOT_FOUND", "There is no such account.")
    if answered.refused is not None:
        why = explain(answered.refused)
        raise Problem(409, why.code, f"{why.message} {why.hint}", hint=why.hint)
    return answered


def _account(request: Request, answered: Answered) -> dict[str, Any]:
    return account_answer(answered.stored.account, answered.seen.document, origin(request))


def _answer(answered: Answered, account: dict[str, Any]) -> JSONResponse:
    return JSONResponse(account, 202, headers={} if answered.seen.current else BEHIND)
