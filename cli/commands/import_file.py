"""`course-accounts import`."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from cli.client.models import IfClosed, IfErred
from cli.exits import Exit
from cli.importing import Order, run_import
from cli.parameters import (
    USUAL_OUTPUT,
    USUAL_SERVER,
    Course,
    Duration,
    OutputOptions,
    ServerOptions,
    Surroundings,
    Switch,
)


def import_file(
    file: Path,
    /,
    *,
    project: Annotated[str, Course],
    wait: Switch = False,
    timeout: Duration = None,
    if_erred: IfErred = "retry",
    if_closed: IfClosed = "reopen",
    yes: Annotated[bool, Parameter(name=["--yes", "-y"], negative=(), show_default=False)] = False,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Import a CSV file: an account for every address in it.

    Shows first what will happen to the rows; on a terminal it then asks. Without a terminal it goes on.
    Importing a file again creates nothing twice.

    Args:
        file: The CSV file, with a column "email" and perhaps "description".
        project: The course: its name, slug or uuid.
        wait: Stay until every row has an outcome, then show what failed and why.
        timeout: Longest time to wait (90, 90s, 5m, 2h); then exit code 8. The import goes on.
        if_erred: What to do with addresses whose account failed before.
        if_closed: What to do with addresses whose account was closed before.
        yes: Do not ask.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        order = Order(file, project, wait, timeout, if_erred, if_closed, yes)
        return run_import(world, api, order, json=output.json, quiet=output.quiet)
