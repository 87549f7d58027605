"""Writes every change that was answered with success into the audit trail, before the answer goes out."""

import asyncio
from typing import Any, Final
from uuid import UUID

import asyncpg
import structlog
from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.common.access.audit import Audit, Deed, objects_of
from services.common.access.principal import Principal
from services.common.database import OPERATIONAL_ERRORS
from services.common.http.cookies import SAFE_METHODS, first
from services.common.http.guard import PRINCIPAL

logger = structlog.get_logger(__name__)

_DEED: Final = "course_accounts.deed"
_WITHIN_S: Final = 2.0
_NOT_WRITTEN: Final[tuple[type[Exception], ...]] = (*OPERATIONAL_ERRORS, asyncpg.PostgresError)


def tell_audit(
    request: Request,
    *,
    project_id: UUID | None = None,
    objects: tuple[UUID | str, ...] = (),
    principal: Principal | None = None,
    nothing_changed: bool = False,
) -> None:
    """Add to what is written down about this request; ids only, never anything personal.

    Args:
        request: the one being answered; one that changes something.
        project_id: the project it belongs to.
        objects: ids that are neither in the path nor in the answer's `Location`.
        principal: who did it, where the request itself signed somebody in.
        nothing_changed: it was a question after all; nothing is written.
    """
    deed = _deed(request.scope)
    deed.project_id = project_id or deed.project_id
    deed.principal = principal or deed.principal
    deed.objects += [one.hex if isinstance(one, UUID) else one for one in objects]
    deed.nothing_changed = deed.nothing_changed or nothing_changed


class Auditing:
    """Pure ASGI, behind `Idempotent`: what is answered again was not done again."""

    def __init__(self, app: ASGIApp, *, audit: Audit) -> None:
        self._app = app
        self._audit = audit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS or PRINCIPAL not in scope:
            await self._app(scope, receive, send)
            return

        async def send_audited(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                await self._write(scope, message)
            await send(message)

        await self._app(scope, receive, send_audited)

    async def _write(self, scope: Scope, answer: Message) -> None:
        deed = _deed(scope)
        principal = deed.principal or scope[PRINCIPAL]
        if principal is None or deed.nothing_changed:
            return
        location = first(answer.get("headers", ()), b"location")
        try:
            async with asyncio.timeout(_WITHIN_S):
                await self._audit.record(
                    principal,
                    _action(scope.get("route")),
                    objects=objects_of(scope.get("path_params", {}), location, deed.objects),
                    project_id=deed.project_id,
                    status=answer["status"],
                    request_id=scope.get("request_id", ""),
                )
        except _NOT_WRITTEN as error:
            # It is done; holding the answer back would only hide that.
            action = _action(scope.get("route"))
            logger.error("audit_not_written", action=action, error=type(error).__name__)  # noqa: TRY400 - as said


def _deed(scope: Scope) -> Deed:
    deed: Deed = scope.setdefault(_DEED, Deed())
    return deed


def _action(route: Any) -> str:
    return str(getattr(route, "operation_id", None) or getattr(route, "name", None) or "unknown")
