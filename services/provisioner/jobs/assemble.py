"""Jobs put together: who decides them, and who takes the orders."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import NamedTuple

import aiohttp

from services.common.database import Pool
from services.common.read_model import Projector
from services.provisioner.courses.courses import Courses
from services.provisioner.jobs.asking import Jobs, NoReadModel, ReadModel
from services.provisioner.jobs.ends import Ends
from services.provisioner.jobs.running import Runner
from services.provisioner.work.deciding import Scribe
from services.provisioner.work.desk import Desk
from services.provisioner.work.stops import Stops


class Assembled(NamedTuple):
    """Both sides."""

    runner: Runner
    jobs: Jobs


def jobs_of(
    pool: Pool,
    *,
    desk: Desk,
    scribe: Scribe,
    stops: Stops,
    courses: Courses,
    read_model: ReadModel,
    now: Callable[[], datetime],
) -> Assembled:
    """Jobs on these tables, decided for the partitions of `desk`."""
    ends = Ends()
    runner = Runner(pool=pool, desk=desk, scribe=scribe, stops=stops, courses=courses, ends=ends, now=now)
    jobs = Jobs(pool=pool, wake=runner.wake, ends=ends, read_model=read_model, now=now)
    return Assembled(runner, jobs)


@asynccontextmanager
async def read_model_at(url: str, internal_token: str) -> AsyncIterator[ReadModel]:
    """The projector at this address; without one nobody is asked."""
    if not url:
        yield NoReadModel()
        return
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {internal_token}"}) as session:
        yield Projector(session, url)
