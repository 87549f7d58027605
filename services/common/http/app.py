"""The FastAPI application every service starts from."""

from fastapi import APIRouter, FastAPI

from services.common.access import Authenticator
from services.common.access.audit import Audit
from services.common.access.idempotency import Idempotency
from services.common.http.auditing import Auditing
from services.common.http.body_guard import BodyGuard
from services.common.http.guard import Guard
from services.common.http.health import Check, health_router
from services.common.http.idempotent import Idempotent
from services.common.http.middleware import EveryRequest
from services.common.http.problems import install_problem_handlers
from services.common.protection import Protection


def create_app(
    title: str,
    *,
    routers: list[APIRouter],
    authenticator: Authenticator,
    internal_token: str,
    alive: dict[str, Check],
    ready: dict[str, Check],
    protection: Protection | None = None,
) -> FastAPI:
    """An application with the shared manners and the given routes."""
    protection = protection or Protection()
    app = FastAPI(title=title, docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.authenticator = authenticator
    app.state.internal_token = internal_token
    install_problem_handlers(app)
    app.include_router(health_router(alive=alive, ready=ready))
    for router in routers:
        app.include_router(router)
    # What is added later is asked earlier.
    if (pool := authenticator.pool) is not None:
        app.add_middleware(Auditing, audit=Audit(pool, title.rpartition(": ")[2]))
        app.add_middleware(Idempotent, store=Idempotency(pool))
    app.add_middleware(BodyGuard, protection=protection)
    app.add_middleware(Guard, authenticator=authenticator, protection=protection)
    app.add_middleware(EveryRequest)
    return app
