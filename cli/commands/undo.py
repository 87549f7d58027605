"""`course-accounts undo`."""

from typing import Annotated

from cyclopts import Parameter

from cli.client import imports
from cli.exits import Exit, exit_of_undo
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
from cli.text.numbers import counted
from cli.text.outcome import dry_run as dry_run_lines
from cli.watch.loop import is_undone
from cli.watch.quiet import one_line


def undo(
    import_id: ImportId,
    /,
    *,
    dry_run: Switch = False,
    yes: Annotated[bool, Parameter(name=["--yes", "-y"], negative=(), show_default=False)] = False,
    reason: str = "",
    wait: Switch = False,
    timeout: Duration = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Close the accounts that an import created.

    Counts first what that comes to; on a terminal it then asks. Accounts that another import asked for too are
    kept. An import that still runs is cancelled as well.

    Args:
        import_id: Id of the import.
        dry_run: Only count.
        yes: Do not ask.
        reason: Why; kept with the import.
        wait: Stay until the end, then show what was closed, what was kept and what could not be closed, and why.
        timeout: Longest time to wait (90, 90s, 5m, 2h); then exit code 8.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    silent = output.json or output.quiet
    with server.open(world) as api:
        if dry_run or not (silent and yes):
            found, raw = imports.count_undo(api, import_id.hex)
            if dry_run:
                world.out(raw.decode() if output.json else "\n".join(dry_run_lines(found)))
                return Exit.ALL_DONE
            if not silent:
                world.say("\n".join(dry_run_lines(found)))
            if not yes and not world.agreed(f"Close {counted(found.close, 'account')}?"):
                world.say("Nothing was changed.")
                return Exit.DECLINED
        answer = imports.undo(api, import_id.hex, reason)
        following = Following(world, api, import_id.hex, json=output.json, quiet=output.quiet)
        if wait:
            return following.until_stopped(
                timeout, answer, ended=is_undone, exit_of=exit_of_undo, interrupted="The undo goes on."
            )
        if output.json:
            world.out(one_line(answer))
        elif not output.quiet:
            world.say(f"Undoing. See how far it is: course-accounts status {import_id.hex} --wait")
    return Exit.ALL_DONE
