"""`course-accounts close`."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from cyclopts import Parameter

from cli.awaiting import until_closed
from cli.client import imports, jobs
from cli.client.api import Api
from cli.errors import Failure
from cli.exits import Exit
from cli.finding import find_project
from cli.jobbing import Ordering
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
from cli.text.jobs import dry_run as dry_run_lines
from cli.text.numbers import counted


def close(
    *account: Annotated[UUID, Parameter(name="ACCOUNT")],
    project: Annotated[str | None, Course] = None,
    import_: Annotated[UUID | None, Parameter(name="--import", metavar="IMPORT")] = None,
    dry_run: Switch = False,
    yes: Annotated[bool, Parameter(name=["--yes", "-y"], negative=(), show_default=False)] = False,
    reason: str = "",
    wait: Switch = False,
    timeout: Duration = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Close accounts.

    One that is named is closed at once. Of many it is counted first what that comes to; on a terminal you are then
    asked. Unlike an undo this closes every account, whoever else asked for it.

    Args:
        account: Ids of accounts.
        project: All accounts of this course: its name, slug or uuid.
        import_: All accounts this import asked for.
        dry_run: Only count.
        yes: Do not ask.
        reason: Why; kept with the job.
        wait: Stay until the accounts are closed, or cannot be; see then: course-accounts unclosed.
        timeout: Longest time to wait (90, 90s, 5m, 2h); then exit code 8.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    if sum((bool(account), project is not None, import_ is not None)) != 1:
        raise Failure(Exit.USAGE, "WHICH_ACCOUNTS", "Say which accounts: ACCOUNT…, --project or --import.")
    silent = output.json or output.quiet
    deadline = timeout and world.clock.now() + timeout
    with server.open(world) as api:
        ordering = Ordering(world, api, output, wait, deadline)
        if len(account) == 1 and not dry_run:
            uuid = account[0].hex
            return ordering.one(uuid, jobs.close_account(api, uuid, reason), goal="Closed")
        wanted = _wanted(api, account, project, import_)
        if dry_run or not (silent and yes):
            found, raw = jobs.count(api, wanted)
            if dry_run:
                world.out(raw.decode() if output.json else "\n".join(dry_run_lines("close", found)))
                return Exit.ALL_DONE
            if not silent:
                world.say("\n".join(dry_run_lines("close", found)))
            if not yes and not world.agreed(f"Close {counted(found.accounts, 'account')}?"):
                world.say("Nothing was changed.")
                return Exit.DECLINED
        of_project = _project(api, wanted) if wait else None

        def then() -> Exit:
            return until_closed(world, api, of_project, output, deadline) if of_project else Exit.ALL_DONE

        return ordering.many({**wanted, "reason": reason}, goal="Closed", then=then)


def _project(api: Api, wanted: Mapping[str, Any]) -> str | None:
    """Whose accounts these are, if they are not named one by one."""
    if "import" in wanted:
        answer = imports.read_status(api, wanted["import"])
        return answer.status.project_uuid if answer else None
    return wanted.get("project")


def _wanted(api: Api, account: Sequence[UUID], project: str | None, import_: UUID | None) -> dict[str, Any]:
    """The order, without its reason."""
    if project is not None:
        return {"action": "close", "project": find_project(api, project).uuid}
    if import_ is not None:
        return {"action": "close", "import": import_.hex}
    return {"action": "close", "accounts": [one.hex for one in account]}
