"""Errors as people and machines can use them: RFC 9457 with a stable code, a plain sentence, and never a trace."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from services.common.access import NotAllowed, NotSignedIn, NotVisible
from services.common.database import MISTAKES, OPERATIONAL_ERRORS

logger = structlog.get_logger(__name__)


class Problem(Exception):
    """An answer that is an error. `detail` is a sentence that says what to do; `errors` are by field."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Mapping[str, Sequence[str]] | None = None,
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = errors
        self.headers = headers
        self.extra = extra


def problem_response(request: Request, problem: Problem) -> JSONResponse:
    """Render a problem."""
    body: dict[str, Any] = {
        "type": f"urn:course-accounts:problem:{problem.code.lower().replace('_', '-')}",
        "status": problem.status,
        "code": problem.code,
        "title": problem.code.replace("_", " ").capitalize(),
        "detail": problem.detail,
        **problem.extra,
    }
    if problem.errors:
        body["errors"] = problem.errors
    if (request_id := request.scope.get("request_id")) is not None:
        body["request_id"] = request_id
    return JSONResponse(body, problem.status, headers=problem.headers, media_type="application/problem+json")


async def send_problem(scope: Scope, receive: Receive, send: Send, problem: Problem) -> None:
    """Answer with a problem where there is no endpoint, as in what happens before every request."""
    await problem_response(Request(scope), problem)(scope, receive, send)


def temporarily_unavailable() -> Problem:
    """For an error of the moment, see `OPERATIONAL_ERRORS`."""
    return Problem(
        503,
        "TEMPORARILY_UNAVAILABLE",
        "A part of the system does not answer right now. Nothing is lost; try again in a moment.",
        headers={"Retry-After": "2"},
    )


def access_problem(error: Exception) -> Problem:
    """What somebody is answered who is not signed in (`NotSignedIn`), sees nothing there, or may not do that."""
    if isinstance(error, NotSignedIn):
        return Problem(
            401,
            "NOT_SIGNED_IN",
            "Send a valid API token: Authorization: Token <token>.",
            headers={"WWW-Authenticate": "Token"},
        )
    if isinstance(error, NotVisible):
        return Problem(404, *_PLAIN[404])
    return Problem(403, "NOT_ALLOWED", "Your token does not allow this.")


def install_problem_handlers(app: FastAPI) -> None:
    """Make every error of `app` a problem."""

    async def on_problem(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Problem)  # noqa: S101 - the registry below guarantees it
        return problem_response(request, error)

    async def on_invalid(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
        fields: dict[str, list[str]] = {}
        for item in error.errors():
            where = ".".join(str(part) for part in item["loc"][1:]) or str(item["loc"][0])
            fields.setdefault(where, []).append(item["msg"])
        return problem_response(
            request, Problem(400, "INVALID_REQUEST", "The request is not as documented.", errors=fields)
        )

    async def on_http(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)  # noqa: S101 - as above
        code, detail = _PLAIN.get(error.status_code, (f"HTTP_{error.status_code}", str(error.detail)))
        return problem_response(request, Problem(error.status_code, code, detail, headers=error.headers))

    async def on_access(request: Request, error: Exception) -> JSONResponse:
        return problem_response(request, access_problem(error))

    async def on_operational(request: Request, error: Exception) -> JSONResponse:
        logger.warning("request_could_not_be_served", error=type(error).__name__, path=request.url.path)
        return problem_response(request, temporarily_unavailable())

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(NotSignedIn, on_access)
    app.add_exception_handler(NotAllowed, on_access)
    app.add_exception_handler(NotVisible, on_access)
    for mistake in MISTAKES:
        app.add_exception_handler(mistake, _raise)
    for operational in OPERATIONAL_ERRORS:
        app.add_exception_handler(operational, on_operational)


async def _raise(_: Request, error: Exception) -> JSONResponse:
    raise error


_PLAIN = {
    404: ("NOT_FOUND", "There is nothing at this address."),
    405: ("METHOD_NOT_ALLOWED", "This address does not take that method."),
}
