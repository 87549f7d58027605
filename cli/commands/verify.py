"""`course-accounts verify`."""

from cli.commands.replay import asked
from cli.exits import Exit
from cli.parameters import USUAL_OUTPUT, USUAL_SERVER, Duration, OutputOptions, ServerOptions, Surroundings


def verify(
    *,
    reason: str = "",
    timeout: Duration = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Compute everything again from the log, and compare it with the tables in use at the same position.

    Exit code 0: equal. 5: they differ; the first rows that do are shown. Nothing is changed.

    Args:
        reason: Why; kept with the replay.
        timeout: Longest time to wait (90, 90s, 5m, 2h); then exit code 8.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        return asked(world, api, {"kind": "verify", "reason": reason}, output, wait=True, timeout=timeout)
