"""`course-accounts retry`."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from cyclopts import Parameter
from cyclopts.validators import Number

from cli.client import jobs
from cli.errors import Failure
from cli.exits import Exit
from cli.following import Following
from cli.jobbing import Ordering
from cli.parameters import (
    USUAL_OUTPUT,
    USUAL_SERVER,
    Duration,
    OutputOptions,
    ServerOptions,
    Surroundings,
    Switch,
)
from cli.text.jobs import dry_run as dry_run_lines


def retry(
    *account: Annotated[UUID, Parameter(name="ACCOUNT")],
    import_: Annotated[UUID | None, Parameter(name="--import", metavar="IMPORT")] = None,
    code: Annotated[list[str] | None, Parameter(negative=())] = None,
    row: Annotated[list[int] | None, Parameter(negative=(), validator=Number(gte=1))] = None,
    all_: Annotated[bool, Parameter(name="--all", negative=(), show_default=False)] = False,
    dry_run: Switch = False,
    reason: str = "",
    wait: Switch = False,
    timeout: Duration = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Try again to make accounts that have failed.

    Name accounts, or an import and which of its failed rows. Nobody gets a second account by it: where it is not
    known what an attempt has done, the account service is asked again under the same key.

    Args:
        account: Ids of accounts.
        import_: Failed rows of this import: say which with --all, --code or --row.
        code: Only those that failed with this code; may be repeated.
        row: Only this row; may be repeated.
        all_: All failed rows.
        dry_run: Only count.
        reason: Why; kept with the job.
        wait: Stay until they are created or have failed again.
        timeout: Longest time to wait (90, 90s, 5m, 2h); then exit code 8.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    wanted = _wanted(account, import_, code or [], row or [], every=all_)
    deadline = timeout and world.clock.now() + timeout
    with server.open(world) as api:
        if dry_run:
            found, raw = jobs.count(api, wanted)
            world.out(raw.decode() if output.json else "\n".join(dry_run_lines("retry", found)))
            return Exit.ALL_DONE
        ordering = Ordering(world, api, output, wait, deadline)
        if len(account) == 1 and not code:
            uuid = account[0].hex
            return ordering.one(uuid, jobs.retry_account(api, uuid, reason), goal="OK")
        wanted["reason"] = reason
        if import_ is None:
            return ordering.many(wanted, goal="OK")
        following = Following(world, api, import_.hex, json=output.json, quiet=output.quiet)
        return ordering.many(wanted, goal="OK", then=lambda: following.until_finished(deadline))


def _wanted(
    account: Sequence[UUID], import_: UUID | None, code: list[str], row: list[int], *, every: bool
) -> dict[str, Any]:
    """The order, without its reason."""
    if bool(account) == (import_ is not None):
        raise Failure(Exit.USAGE, "WHICH_ACCOUNTS", "Say which accounts: either ACCOUNT… or --import.")
    if import_ is None:
        if row or every:
            raise Failure(
                Exit.USAGE, "WHICH_ACCOUNTS", "--row and --all are about an import: name it with --import."
            )
        return {"action": "retry", "accounts": [one.hex for one in account], "codes": code}
    if every == bool(code or row):
        raise Failure(
            Exit.USAGE, "WHICH_ROWS", "Say which of its failed rows: --all, or some with --code and --row."
        )
    return {"action": "retry", "import": import_.hex, "codes": code, "rows": row}
