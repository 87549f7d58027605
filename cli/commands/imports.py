"""`course-accounts imports`."""

from itertools import islice
from typing import Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from cli.client.imports import list_imports
from cli.client.models import ImportStatus
from cli.exits import Exit
from cli.finding import find_project
from cli.listing import write_list
from cli.parameters import USUAL_OUTPUT, USUAL_SERVER, Course, OutputOptions, ServerOptions, Surroundings
from cli.text.counts import equation
from cli.text.table import table
from cli.text.times import local_time

State = Literal["running", "finished", "cancelling", "cancelled", "undoing", "undone"]
Source = Literal["file", "paste", "api", "topic"]
Moment = Parameter(metavar="TIME")
BLOCK = 100


def imports(
    *,
    project: Annotated[str | None, Course] = None,
    state: Annotated[list[State] | None, Parameter(negative=())] = None,
    source: Annotated[list[Source] | None, Parameter(negative=())] = None,
    author: str | None = None,
    after: Annotated[str | None, Moment] = None,
    before: Annotated[str | None, Moment] = None,
    limit: Annotated[int | None, Parameter(validator=Number(gte=0))] = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """List imports, newest first.

    Args:
        project: Only of this course: its name, slug or uuid.
        state: Only in this state; may be repeated.
        source: Only from a file, a paste, the api or the topic; may be repeated.
        author: Only those this user submitted.
        after: Only those submitted then or later: 2026-11-23 or 2026-11-23T08:00:00Z.
        before: Only those submitted before then.
        limit: At most so many.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        found = islice(
            list_imports(
                api,
                project=find_project(api, project).uuid if project else None,
                state=state,
                source=source,
                author=author,
                submitted_after=after,
                submitted_before=before,
            ),
            limit,
        )
        return write_list(world, output, found, ImportStatus, _lines, noun="import", block=BLOCK)


def _lines(found: list[ImportStatus]) -> list[str]:
    cells = [
        (
            one.uuid,
            local_time(one.submitted),
            one.state,
            one.source,
            one.created_by,
            one.file.name if one.file else None,
            equation(one.counts),
        )
        for one in found
    ]
    return table(("IMPORT", "SUBMITTED", "STATE", "SOURCE", "BY", "FILE", "ROWS"), cells)
