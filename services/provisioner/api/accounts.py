"""`/api/marketplace-course-accounts/{uuid}/`: retry one account, close one account."""

from typing import Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from schemas.codes import explain
from services.common.access import Principal
from services.common.http import Problem, Writer
from services.common.http.account_answer import CourseAccount
from services.common.http.addresses import origin, parse_id
from services.common.http.auditing import tell_audit
from services.common.http.body_schema import json_body
from services.common.http.problem_answer import problems
from services.provisioner.api.account_answers import ACCOUNTS, account_answer, retried
from services.provisioner.api.answers import BEHIND
from services.provisioner.api.bodies import Reason, read_body, storable
from services.provisioner.api.parameters import BEHIND as BEHIND_HEADER
from services.provisioner.api.parameters import Key, Uuid
from services.provisioner.jobs.asking import Answered, Jobs, NobodyDecides
from services.provisioner.jobs.order import Action, JobOrder, under

_MOST_BYTES = 16 * 1024


class CommandBody(msgspec.Struct, frozen=True):
    """What may be said with a command. Fields of others are ignored, because existing clients send some."""

    reason: Reason = ""


_BODY = msgspec.json.Decoder(CommandBody)
_DOCUMENTED: dict[str, Any] = {
    "status_code": 202,
    "response_model": CourseAccount,
    "openapi_extra": json_body(CommandBody, example={"reason": "asked for by the teacher"}, required=False),
}
_ACCEPTED: dict[int | str, dict[str, Any]] = {
    202: {"description": "The account as it now stands.", "headers": BEHIND_HEADER}
}


def accounts_router(jobs: Jobs) -> APIRouter:
    """Commands about one account."""
    router = APIRouter(prefix=f"{ACCOUNTS}{{uuid}}", tags=["course accounts"])

    @router.post(
        "/retry/",
        operation_id="retry_account",
        summary="Try again to make an account that has failed",
        responses={**_ACCEPTED, **problems(400, 404, 409, 413)},
        **_DOCUMENTED,
    )
    async def retry(request: Request, who: Writer, uuid: Uuid, key: Key = None) -> JSONResponse:
        """Only of an Erred account; the answer shows it Pending, without its error."""
        answered = await _command(jobs, request, who, "retry", parse_id(uuid), key)
        return _answer(answered, retried(_account(request, answered)))

    @router.delete(
        "/",
        operation_id="close_account",
        summary="Close an account",
        responses={**_ACCEPTED, **problems(400, 404, 413)},
        **_DOCUMENTED,
    )
    async def close(request: Request, who: Writer, uuid: Uuid, key: Key = None) -> JSONResponse:
        """`phase` is `closing` until the account service has confirmed it. Repeated, it changes nothing."""
        answered = await _command(jobs, request, who, "close", parse_id(uuid), key)
        return _answer(answered, _account(request, answered))

    return router


async def _command(
    jobs: Jobs, request: Request, who: Principal, action: Action, account_id: UUID, key: str | None
) -> Answered:
    body = await read_body(
        request, _BODY, most_bytes=_MOST_BYTES, too_large="A reason has at most 2,000 characters."
    )
    order = JobOrder(
        action=action,
        author=who.user_id,
        reason=storable(body.reason),
        account_ids=[account_id],
    )
    try:
        answered = await jobs.one(account_id, under(key, order), who.manages)
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
    tell_audit(request, project_id=answered.stored.account.project_id)
    return answered


def _account(request: Request, answered: Answered) -> dict[str, Any]:
    return account_answer(answered.stored.account, answered.seen, origin(request))


def _answer(answered: Answered, account: dict[str, Any]) -> JSONResponse:
    return JSONResponse(account, 202, headers={} if answered.seen.current else BEHIND)
