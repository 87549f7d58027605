"""`course-accounts jobs`."""

from itertools import islice
from typing import Annotated
from uuid import UUID

from cyclopts import App, Parameter
from cyclopts.validators import Number

from cli.awaiting import waiting
from cli.client import jobs as client
from cli.client.jobs import Job
from cli.examples import EXAMPLES
from cli.exits import Exit
from cli.jobbing import follow, tell
from cli.listing import write_list
from cli.parameters import (
    USUAL_OUTPUT,
    USUAL_SERVER,
    Duration,
    OutputOptions,
    ServerOptions,
    Surroundings,
    Switch,
)
from cli.text.jobs import progress_line
from cli.text.table import table
from cli.text.times import local_time

JobId = Annotated[UUID, Parameter(name="JOB")]
BLOCK = 100

jobs = App(
    name="jobs",
    help="See what is being done with many accounts at once, and stop it.",
    help_prologue=EXAMPLES["jobs"],
)


@jobs.default
@jobs.command(name="list", help_prologue=EXAMPLES["jobs list"])
def list_them(
    *,
    limit: Annotated[int | None, Parameter(validator=Number(gte=0))] = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """List the jobs of the last thirty days, newest first.

    Args:
        limit: At most so many.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        found = islice(client.list_jobs(api), limit)
        return write_list(world, output, found, Job, _lines, noun="job", block=BLOCK)


@jobs.command(help_prologue=EXAMPLES["jobs show"])
def show(
    job_id: JobId,
    /,
    *,
    wait: Switch = False,
    timeout: Duration = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Show how far a job is, and what it could not do.

    Args:
        job_id: Id of the job.
        wait: Stay until it is over.
        timeout: Longest time to wait (90, 90s, 5m, 2h); then exit code 8.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    deadline = timeout and world.clock.now() + timeout
    with server.open(world) as api:
        if wait:
            return waiting(
                world,
                "The job goes on.",
                lambda: tell(world, api, follow(world, api, job_id.hex, output, deadline), output),
            )
        found, raw = client.read_job(api, job_id.hex)
        if output.json:
            world.out(raw.decode())
        elif not found.over:
            world.out(progress_line(found))
            return Exit.STILL_RUNNING
        return tell(world, api, found, output) if found.over else Exit.STILL_RUNNING


@jobs.command(help_prologue=EXAMPLES["jobs cancel"])
def cancel(
    job_id: JobId,
    /,
    *,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Stop a job: what it has not begun is left as it is, what it has done stays.

    Args:
        job_id: Id of the job.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        found, raw = client.cancel_job(api, job_id.hex)
        if output.json:
            world.out(raw.decode())
        else:
            tell(world, api, found, output)
    return Exit.ALL_DONE


def _lines(found: list[Job]) -> list[str]:
    cells = [
        (one.uuid, local_time(one.created), one.action, one.state, one.author, progress_line(one), one.reason)
        for one in found
    ]
    return table(("JOB", "ASKED FOR", "WHAT", "STATE", "BY", "HOW FAR", "WHY"), cells)
