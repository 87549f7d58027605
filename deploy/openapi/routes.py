"""The three services' routes without the services: their applications over parts that nobody calls."""

from typing import Any

from fastapi import APIRouter, FastAPI

from deploy.embedded.front.routes import Owner
from services.common.http import create_app
from services.common.parked.api import parked_router
from services.common.parked.asking import Enquiries
from services.importer.api.accounts import creation_router
from services.importer.api.commands import commands_router as importer_commands
from services.importer.api.corrections import corrections_router
from services.importer.api.drafts import drafts_router
from services.importer.api.projects import projects_router
from services.importer.api.uploads import uploads_router
from services.projector.registry import READ_MODELS
from services.projector.replay.api import router as replay_router
from services.projector.web.read_models import router as read_models_router
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
        Owner.IMPORTER: _app(
            creation_router(NOBODY),
            projects_router(NOBODY),
            uploads_router(NOBODY),
            drafts_router(NOBODY),
            importer_commands(NOBODY),
            corrections_router(NOBODY),
            _parked("importer"),
        ),
        Owner.PROVISIONER: _app(*provisioner.documented()),
        Owner.PROJECTOR: _app(
            *(model.router() for model in READ_MODELS if model.router is not None),
            read_models_router(READ_MODELS),
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
