"""All routes of the provisioner: served, or with nothing behind them for the API document."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from fastapi import APIRouter

from services.common.database import Pool
from services.common.parked.api import parked_router
from services.common.parked.asking import Enquiries
from services.provisioner.api.accounts import accounts_router
from services.provisioner.api.commands import commands_router
from services.provisioner.api.imports import imports_router
from services.provisioner.api.internal import internal_router
from services.provisioner.api.jobs import jobs_router
from services.provisioner.api.orphans import orphans_router
from services.provisioner.api.target import target_router
from services.provisioner.api.unclosed import unclosed_router
from services.provisioner.backends.protocol import Backend
from services.provisioner.courses.report import Report
from services.provisioner.jobs.asking import Jobs
from services.provisioner.target.keeper import Keeper
from services.provisioner.work.stops import Stops


@dataclass(frozen=True, slots=True)
class Parts:
    """What answers. `slot` waits until another call to the account service may be made."""

    pool: Pool
    stops: Stops
    jobs: Jobs
    report: Report
    keeper: Keeper
    backend: Backend
    slot: Callable[[], Awaitable[None]]
    now: Callable[[], datetime]
    parked: APIRouter


def routers(parts: Parts) -> list[APIRouter]:
    """Routes for everybody, and those under `/internal/`."""
    return [
        internal_router(parts.pool),
        commands_router(parts.pool, parts.stops, parts.now),
        accounts_router(parts.jobs),
        imports_router(parts.jobs),
        jobs_router(parts.jobs),
        unclosed_router(parts.report),
        target_router(parts.pool, parts.keeper),
        orphans_router(parts.pool, parts.backend, parts.slot),
        parts.parked,
    ]


def documented() -> list[APIRouter]:
    """The same to be described, never to be called: nothing is started or connected."""
    nothing = cast("Any", None)
    parked = parked_router(Enquiries("provisioner", nothing, nothing, nothing))
    return routers(
        Parts(
            pool=nothing,
            stops=nothing,
            jobs=nothing,
            report=nothing,
            keeper=nothing,
            backend=nothing,
            slot=nothing,
            now=nothing,
            parked=parked,
        )
    )
