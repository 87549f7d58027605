"""Everything about tokens, sessions and the audit trail, put together."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple

from fastapi import APIRouter

from services.common.database import Pool
from services.common.loops import forever
from services.common.process import BackgroundTasks
from services.importer.access.audit_api import audit_router
from services.importer.access.granting import Lifetimes
from services.importer.access.session_api import session_router
from services.importer.access.sessions import Sessions
from services.importer.access.token_api import tokens_router
from services.importer.access.tokens import Tokens
from services.importer.settings import ImporterSettings

_TIDY_EVERY_S: Final = 600.0


class Access(NamedTuple):
    """The routes, and what has to be done from time to time."""

    routers: list[APIRouter]
    sessions: Sessions

    def spawn(self, tasks: BackgroundTasks) -> None:
        """Keep the tables small."""
        tasks.spawn("access", forever("access", self.sessions.tidy, every_s=_TIDY_EVERY_S))


def access_of(pool: Pool, settings: ImporterSettings, clock: Callable[[], datetime]) -> Access:
    """The part of the importer that gives out tokens and sessions."""
    sessions = Sessions(
        pool, session_s=settings.session_hours * 3600, sign_in_s=settings.sign_in_minutes * 60
    )
    lifetimes = Lifetimes(usual=settings.token_days, most=settings.token_days_most)
    return Access(
        [
            tokens_router(Tokens(pool), lifetimes=lifetimes, clock=clock),
            session_router(sessions),
            audit_router(pool),
        ],
        sessions,
    )
