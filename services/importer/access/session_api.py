"""`/api/session/`: signing in and out of the page; `/api/sign-ins/`: addresses that sign others in, once."""

from typing import Any

from fastapi import APIRouter, Request, Response

from services.common.access import NotSignedIn, Principal
from services.common.http import Problem, SignedIn, Staff
from services.common.http.addresses import origin
from services.common.http.auditing import tell_audit
from services.common.http.cookies import end_session, first, from_own_page, is_https, set_session
from services.common.http.guard import PRINCIPAL
from services.common.http.idempotent import keep_no_answer
from services.common.http.problem_answer import problems
from services.importer.access.models import InvitationAnswer, InvitationBody, SessionAnswer, SignInBody
from services.importer.access.sessions import Session, Sessions

TAG = "access"


def session_router(sessions: Sessions) -> APIRouter:
    """Routes for sessions."""
    router = APIRouter(prefix="/api", tags=[TAG])

    @router.post(
        "/session/",
        operation_id="sign_in",
        response_model=SessionAnswer,
        responses=problems(400),
    )
    async def sign_in(request: Request, response: Response, body: SignInBody) -> dict[str, Any]:
        """Sign in: trade a one-time token or an API token for a session, which is a cookie."""
        if _from_a_page(request) and not from_own_page(request.headers.raw):
            raise Problem(403, "CROSS_SITE", "Nobody but our own page can sign somebody in here.")
        session = await _begin(sessions, body)
        tell_audit(request, principal=session.principal)
        https = is_https(request.headers.raw, request.url.scheme)
        response.headers["Set-Cookie"] = set_session(session.secret, session.expires_at, https=https)
        return {
            "user_id": session.user_id,
            "staff": session.staff,
            "may_write": session.may_write,
            "expires": session.expires_at,
        }

    @router.get("/session/", operation_id="read_session", response_model=SessionAnswer)
    async def read(principal: SignedIn) -> dict[str, Any]:
        """Say who you are, by session or token, and until when."""
        return {
            "user_id": principal.user_id,
            "staff": principal.staff,
            "may_write": principal.may_write,
            "expires": await sessions.expires(principal),
        }

    @router.delete("/session/", operation_id="sign_out", status_code=204)
    async def sign_out(request: Request) -> Response:
        """Sign out: end the session. An API token stays what it is."""
        principal: Principal | None = request.scope.get(PRINCIPAL)
        if principal is not None:
            await sessions.end(principal)
            request.app.state.authenticator.forget(principal.credential)
        https = is_https(request.headers.raw, request.url.scheme)
        return Response(status_code=204, headers={"Set-Cookie": end_session(https=https)})

    @router.post(
        "/sign-ins/",
        operation_id="invite",
        status_code=201,
        response_model=InvitationAnswer,
        responses=problems(400, 409, 422),
    )
    async def invite(request: Request, staff: Staff, body: InvitationBody) -> dict[str, Any]:
        """Make an address that signs somebody in, once and soon. For staff."""
        keep_no_answer(request)
        tell_audit(request, objects=(body.user_id,))
        one_time, expires = await sessions.invite(body.user_id, staff=body.staff, by=staff.user_id)
        return {
            "sign_in": one_time,
            "url": f"{origin(request)}/#sign-in={one_time}",
            "user_id": body.user_id,
            "staff": body.staff,
            "expires": expires,
        }

    return router


async def _begin(sessions: Sessions, body: SignInBody) -> Session:
    if (body.sign_in is None) == (body.token is None):
        sentence = "Send either `sign_in` or `token`."
        raise Problem(400, "INVALID_REQUEST", sentence, errors={"sign_in": [sentence]})
    try:
        if body.sign_in is not None:
            return await sessions.by_sign_in(body.sign_in)
        return await sessions.by_token(body.token or "")
    except NotSignedIn:
        raise Problem(
            401,
            "SIGN_IN_REFUSED",
            "This does not sign anybody in: it was used before, is too old, or was revoked. Ask for a new address; "
            "`course-accounts up --status` prints one.",
            headers={"WWW-Authenticate": "Token"},
        ) from None


def _from_a_page(request: Request) -> bool:
    """Whether a browser says where this comes from; other programs do not."""
    raw = request.headers.raw
    return first(raw, b"sec-fetch-site") is not None or first(raw, b"origin") is not None
