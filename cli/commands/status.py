"""`course-accounts status`."""

from cli.client import imports
from cli.exits import Exit
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
from cli.text.counts import progress_line
from cli.watch.loop import is_final
from cli.watch.quiet import one_line


def status(
    import_id: ImportId,
    /,
    *,
    wait: Switch = False,
    timeout: Duration = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Show how far an import is, or wait until it is finished.

    Without --wait the exit code is 0 whenever the status could be read.

    Args:
        import_id: Id of the import, as `course-accounts import` gave it.
        wait: Stay until every row has an outcome.
        timeout: Longest time to wait (90, 90s, 5m, 2h); then exit code 8.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        following = Following(world, api, import_id.hex, json=output.json, quiet=output.quiet)
        if wait:
            try:
                return following.until_finished(timeout and world.clock.now() + timeout)
            except KeyboardInterrupt:
                world.say(f"\n{following.goodbye('Interrupted.')}")
                return Exit.INTERRUPTED
        answer = imports.read_status(api, import_id.hex)
        assert answer is not None  # noqa: S101 - asked without a validator
        if output.json:
            world.out(one_line(answer))
            return Exit.ALL_DONE
        world.out(f"Import {answer.status.uuid}: {answer.status.state}")
        if not is_final(answer.status):
            world.out(progress_line(answer.status))
        following.show_outcome(answer)
        return Exit.ALL_DONE
