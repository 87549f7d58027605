"""All routes of the importer: served, or with nothing behind them for the API document."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, cast

from fastapi import APIRouter

from services.common.parked.api import parked_router
from services.common.parked.asking import Enquiries
from services.importer.access.audit_api import audit_router
from services.importer.access.session_api import session_router
from services.importer.access.token_api import tokens_router
from services.importer.api.accounts import creation_router
from services.importer.api.commands import commands_router
from services.importer.api.corrections import corrections_router
from services.importer.api.deps import Parts
from services.importer.api.draft_list import draft_list_router
from services.importer.api.drafts import drafts_router
from services.importer.api.projects import projects_router
from services.importer.api.uploads import uploads_router
from services.importer.commands.assemble import Commands
from services.importer.creating.creating import Creating
from services.importer.projects.commands import ProjectCommands


@dataclass(frozen=True, slots=True)
class Served:
    """What answers."""

    parts: Parts
    creating: Creating
    commands: Commands
    projects: ProjectCommands
    parked: APIRouter
    access: Sequence[APIRouter]


def routers(served: Served) -> list[APIRouter]:
    """Routes for everybody."""
    return [
        creation_router(served.creating),
        uploads_router(served.parts),
        draft_list_router(served.parts),
        drafts_router(served.parts),
        corrections_router(served.parts),
        commands_router(served.commands),
        projects_router(served.projects),
        served.parked,
        *served.access,
    ]


def documented() -> list[APIRouter]:
    """The same to be described, never to be called: nothing is started or connected."""
    nothing = cast("Any", None)
    parts = Parts(*[nothing] * len(fields(Parts)))
    parked = parked_router(Enquiries("importer", nothing, nothing, nothing))
    access = [
        tokens_router(nothing, lifetimes=nothing, clock=nothing),
        session_router(nothing),
        audit_router(nothing),
    ]
    return routers(Served(parts, nothing, nothing, nothing, parked, access))
