"""`course-accounts cancel`."""

from cli.client import imports
from cli.exits import Exit, exit_of_cancel
from cli.following import Following
from cli.parameters import (
    USUAL_OUTPUT,
    USUAL_SERVER,
    Duration,
    ImportId,
    OutputOptions,
    ServerOptions,
    Surroundings,
    Switch,
)
from cli.watch.loop import is_stopped
from cli.watch.quiet import one_line


def cancel(
    import_id: ImportId,
    /,
    *,
    reason: str = "",
    wait: Switch = False,
    timeout: Duration = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Stop what has not started of an import.

    Accounts that are there already stay: to close them as well, undo the import.

    Args:
        import_id: Id of the import.
        reason: Why; kept with the import.
        wait: Stay until nothing of it runs any more.
        timeout: Longest time to wait (90, 90s, 5m, 2h); then exit code 8.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        answer = imports.cancel(api, import_id.hex, reason)
        following = Following(world, api, import_id.hex, json=output.json, quiet=output.quiet)
        if wait:
            return following.until_stopped(
                timeout,
                answer,
                ended=is_stopped,
                exit_of=exit_of_cancel,
                interrupted="The import stays cancelled.",
            )
        if output.json:
            world.out(one_line(answer))
        elif not output.quiet:
            world.say("Cancelled. What was being made at this moment still ends.")
            world.say(f"See what became of it: course-accounts status {import_id.hex} --wait")
    return Exit.ALL_DONE
