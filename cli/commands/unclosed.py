"""`course-accounts unclosed`."""

from collections.abc import Iterator
from typing import Annotated

from cli.client.unclosed import Unclosed, list_unclosed
from cli.exits import Exit
from cli.finding import find_project
from cli.listing import write_list
from cli.parameters import USUAL_OUTPUT, USUAL_SERVER, Course, OutputOptions, ServerOptions, Surroundings
from cli.text.table import table
from cli.text.times import local_time

BLOCK = 300

_STATES = {
    "not_asked": "not asked yet",
    "closing": "being closed",
    "retrying": "tried again",
    "given_up": "given up",
}
_CAUSES = {
    "course_ended": "course ended",
    "project_deleted": "project deleted",
    "undo": "import undone",
    "correction": "row corrected",
    "request": "asked for",
}


def unclosed(
    *,
    project: Annotated[str | None, Course] = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """List accounts that should be closed but are not; 5 if there are any.

    What is being closed is there for a moment, too. What was given up is closed again with close.

    Args:
        project: Only of this course: its name, slug or uuid.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        found = _Counted(list_unclosed(api, project=find_project(api, project).uuid if project else None))
        write_list(world, output, found, Unclosed, _lines, noun="account", block=BLOCK)
    return Exit.WITH_FAILURES if found.count else Exit.ALL_DONE


class _Counted(Iterator[bytes]):
    """Hands items on and counts them."""

    def __init__(self, items: Iterator[bytes]) -> None:
        self._items = items
        self.count = 0

    def __next__(self) -> bytes:
        item = next(self._items)
        self.count += 1
        return item


def _lines(found: list[Unclosed]) -> list[str]:
    cells = [
        (
            one.account_uuid,
            one.project_name or one.project_uuid,
            _CAUSES.get(one.cause, one.cause),
            local_time(one.since),
            _STATES.get(one.state, one.state),
            one.attempts,
            local_time(one.next_attempt),
            f"{one.error.message} {one.error.hint}" if one.error else None,
        )
        for one in found
    ]
    return table(
        ("ACCOUNT", "PROJECT", "WHY", "SINCE", "STATE", "ATTEMPTS", "NEXT TRY", "WHAT IS WRONG"), cells
    )
