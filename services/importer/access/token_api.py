"""`/api/tokens/`: one's own API tokens; for staff, everybody's."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from services.common.access import NotAllowed, Principal
from services.common.http import Problem, SignedIn, Writer
from services.common.http.addresses import parse_id
from services.common.http.auditing import tell_audit
from services.common.http.cursors import id_of, moment_of, next_link, place_of
from services.common.http.idempotent import keep_no_answer
from services.common.http.problem_answer import problems
from services.importer.access.granting import CannotBeGranted, Lifetimes, Wish, grant
from services.importer.access.models import NewTokenAnswer, TokenAnswer, TokenBody, TokensAnswer, UserId
from services.importer.access.tokens import Token, Tokens

TAG = "access"


def tokens_router(tokens: Tokens, *, lifetimes: Lifetimes, clock: Callable[[], datetime]) -> APIRouter:
    """Routes for API tokens."""
    router = APIRouter(prefix="/api/tokens", tags=[TAG])

    @router.get("/", operation_id="list_tokens", response_model=TokensAnswer, responses=problems(400))
    async def listed(
        request: Request,
        principal: SignedIn,
        user: UserId | None = None,
        cursor: Annotated[str | None, Query(max_length=2000)] = None,
        page_size: Annotated[int, Query(ge=1, le=300)] = 100,
    ) -> dict[str, Any]:
        """List your tokens, the newest first; for staff those of everybody, or of one user."""
        place = place_of(cursor, str, str)
        before = None if place is None else (moment_of(place[0]), id_of(place[1]))
        found = await tokens.page(principal, user_id=user, before=before, limit=page_size + 1)
        shown = found[:page_size]
        link = None
        if len(found) > page_size:
            link = next_link(request, [shown[-1].created_at.isoformat(), shown[-1].token_id.hex])
        return {"results": [token_answer(token) for token in shown], "next": link}

    @router.post(
        "/",
        operation_id="create_token",
        status_code=201,
        response_model=NewTokenAnswer,
        responses=problems(400, 409, 422),
    )
    async def made(
        request: Request, response: Response, principal: Writer, body: TokenBody
    ) -> dict[str, Any]:
        """Make a token. Its secret is in this answer and nowhere else.

        It does not outlive the token it is made with.
        """
        keep_no_answer(request)
        wish = Wish(
            body.user_id,
            staff=body.staff,
            may_write=body.may_write,
            projects=body.projects,
            expires=body.expires,
            note=body.note.strip(),
        )
        try:
            ends = await tokens.end_for(principal)
            given = grant(principal, wish, now=clock(), lifetimes=lifetimes, ends=ends)
            secret, token = await tokens.make(given, by=principal.user_id)
        except CannotBeGranted as refusal:
            raise _problem(refusal) from None
        response.headers["Location"] = f"/api/tokens/{token.token_id.hex}/"
        return {**token_answer(token), "token": secret}

    @router.get("/{uuid}/", operation_id="read_token", response_model=TokenAnswer, responses=problems(404))
    async def one(principal: SignedIn, uuid: str) -> dict[str, Any]:
        """Read one token, without its secret."""
        token = await tokens.find(principal, parse_id(uuid))
        if token is None:
            raise _not_there()
        return token_answer(token)

    @router.delete("/{uuid}/", operation_id="revoke_token", status_code=204, responses=problems(404))
    async def revoked(request: Request, principal: SignedIn, uuid: str) -> Response:
        """End a token; within five seconds no service takes it any more. Repeated, the same."""
        token_id = parse_id(uuid)
        token = await tokens.find(principal, token_id)
        if token is None:
            raise _not_there()
        _check_may_revoke(principal, token)
        await tokens.revoke(principal, token_id)
        request.app.state.authenticator.forget(str(token_id))
        tell_audit(request, nothing_changed=token.revoked_at is not None)
        return Response(status_code=204)

    return router


def token_answer(token: Token) -> dict[str, Any]:
    """A token as the API shows it."""
    return {
        "uuid": token.token_id,
        "user_id": token.user_id,
        "staff": token.staff,
        "may_write": token.may_write,
        "projects": token.projects,
        "note": token.note,
        "created": token.created_at,
        "created_by": token.created_by,
        "expires": token.expires_at,
        "last_used": token.last_used_at,
        "revoked": token.revoked_at,
    }


def _check_may_revoke(principal: Principal, token: Token) -> None:
    """Who may only read may still end the very token it holds: it may have got into wrong hands."""
    if not principal.may_write and principal.credential != str(token.token_id):
        raise NotAllowed


def _problem(refusal: CannotBeGranted) -> Problem:
    if refusal.field is None:
        return Problem(403, refusal.code, refusal.sentence)
    status = 409 if refusal.code == "TOO_MANY_TOKENS" else 400
    return Problem(status, refusal.code, refusal.sentence, errors={refusal.field: [refusal.sentence]})


def _not_there() -> Problem:
    return Problem(404, "NOT_FOUND", "There is no such token.")
