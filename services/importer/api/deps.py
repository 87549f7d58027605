"""What the routes work with; put together once, in `bootstrap`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.common.database import Pool
from services.importer.drafts.editing import Editing
from services.importer.drafts.readings import Readings
from services.importer.drafts.repository import Drafts
from services.importer.drafts.workers import Workers
from services.importer.projects.store import Projects
from services.importer.settings import ImporterSettings
from services.importer.submission.answer import Answers
from services.importer.submission.imports import Imports


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the service that routes use."""

    settings: ImporterSettings
    pool: Pool
    drafts: Drafts
    workers: Workers
    readings: Readings
    editing: Editing
    projects: Projects
    imports: Imports
    answers: Answers
    clock: Callable[[], datetime]
    local_now: Callable[[], datetime]
