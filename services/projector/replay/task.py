"""What one process works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.common.database import Pool
from services.projector.sets.feeding import Editions
from services.projector.settings import ProjectorSettings


@dataclass(frozen=True, slots=True)
class Task:
    """Where everything is, and who we are."""

    pool: Pool
    settings: ProjectorSettings
    editions: Editions
    worker: UUID
    clock: Callable[[], datetime]
