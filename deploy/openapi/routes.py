"""The three services' routes without the services: their applications over parts that nobody calls."""

from typing import Any

from fastapi import APIRouter, FastAPI

from deploy.embedded.front.routes import Owner
from services.common.http import create_app
from services.common.parked.api import parked_router
from services.common.parked.asking import Enquiries
from services.importer.api import routers as importer
from services.projector.bootstrap import routers_of
from services.projector.registry import READ_MODELS
from services.projector.replay.api import router as replay_router
from services.provisioner.api import routers as provisioner


class NeverCalled:
    """Stands where a part would: routes take it when they are made, and only a request would use it."""

    def __getattr__(self, name: str) -> "NeverCalled":
        """Any part of it is of the same kind."""
        return self


NOBODY: Any = NeverCalled()


def applications() -> dict[Owner, FastAPI]:
    """The application of each service, good for its routes and nothing else."""
    return {
        Owner.IMPORTER: _app(*importer.documented()),
        Owner.PROVISIONER: _app(*provisioner.documented()),
        Owner.PROJECTOR: _app(
            *routers_of(READ_MODELS),
            replay_router(NOBODY),
            _parked("projector"),
        ),
    }


def _app(*routers: APIRouter) -> FastAPI:
    return create_app(
        "Course accounts", routers=list(routers), authenticator=NOBODY, internal_token="", alive={}, ready={}
    )


def _parked(service: str) -> APIRouter:
    return parked_router(Enquiries(service, NOBODY, NOBODY, NOBODY))
