"""`course-accounts waiting`."""

from cli.client import standing
from cli.exits import Exit
from cli.parameters import USUAL_OUTPUT, USUAL_SERVER, OutputOptions, ServerOptions, Surroundings
from cli.text.waiting import waiting_lines


def waiting(
    *,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Show what waits, since when and why: by cause, course and import, and what waits longest.

    Waiting is not failing: it goes on by itself. While the account service is paused every pending row waits.

    Args:
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        found, raw = standing.waiting(api)
    world.out(raw.decode() if output.json else "\n".join(waiting_lines(found)))
    return Exit.ALL_DONE
