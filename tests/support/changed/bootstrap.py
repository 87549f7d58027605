"""The projector's composition root, with both editions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.projector.bootstrap import Projector
from services.projector.bootstrap import bootstrap as real
from services.projector.settings import ProjectorSettings
from tests.support.changed.progress import BOTH


@asynccontextmanager
async def bootstrap(settings: ProjectorSettings) -> AsyncIterator[Projector]:
    """As the real one."""
    async with real(settings, editions=BOTH, replay_module="tests.support.changed.replay") as projector:
        yield projector
