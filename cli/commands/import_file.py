"""`course-accounts import`."""

from pathlib import Path
from typing import Annotated

from cyclopts import Group, Parameter

from cli.client.models import IfClosed, IfErred
from cli.errors import Failure
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
from cli.reading_options import Delimiter, Reading

READ = Group("How the file is read (default: found out)", sort_key=5)


def import_file(
    file: Path | None = None,
    /,
    *,
    project: Annotated[str, Course],
    paste: Switch = False,
    encoding: Annotated[str | None, Parameter(group=READ, metavar="NAME")] = None,
    delimiter: Annotated[Delimiter | None, Parameter(group=READ)] = None,
    email_column: Annotated[str | None, Parameter(group=READ, metavar="COLUMN")] = None,
    description_column: Annotated[str | None, Parameter(group=READ, metavar="COLUMN")] = None,
    no_header: Annotated[bool, Parameter(group=READ, negative=(), show_default=False)] = False,
    fix: Switch = False,
    apply: Annotated[list[str] | None, Parameter(negative=(), metavar="CODE")] = None,
    dry_run: Switch = False,
    wait: Switch = False,
    timeout: Duration = None,
    if_erred: IfErred = "retry",
    if_closed: IfClosed = "reopen",
    yes: Annotated[bool, Parameter(name=["--yes", "-y"], negative=(), show_default=False)] = False,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Import a file: an account for every address in it.

    CSV in any usual encoding and with any usual delimiter, or a workbook (XLSX, ODS). Shows first what will happen
    to the rows; on a terminal it then asks. Without a terminal it goes on. Importing a file again creates nothing
    twice.

    Args:
        file: The file, with a column "email" and perhaps "description"; "-" is standard input.
        project: The course: its name, slug or uuid.
        paste: The text is not a file but something copied: a column, a list of addresses, the To: line of a mail;
            from standard input, when no file is named.
        encoding: The encoding of the file, for example windows-1252; found out when not given.
        delimiter: What stands between two cells; found out when not given.
        email_column: The column of the addresses: its heading, or its number from 1.
        description_column: The column of the descriptions, in the same way; "none" if there is none.
        no_header: The first line is a person already.
        fix: Apply every suggestion that needs no thought (spaces, invisible characters, swapped cells), and list them.
        apply: Apply suggestions of this kind as well, as the preview names them; may be repeated.
        dry_run: Only look: show what would happen to the rows, and submit nothing. Exit code 5 if some cannot be used.
        wait: Stay until every row has an outcome, then show what failed and why.
        timeout: Longest time to wait (90, 90s, 5m, 2h); then exit code 8. The import goes on.
        if_erred: What to do with addresses whose account failed before.
        if_closed: What to do with addresses whose account was closed before.
        yes: Do not ask.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    named = file is not None and str(file) != "/dev/stdin"
    if file is None and not paste:
        raise Failure(Exit.USAGE, "USAGE", "Name a FILE, or - for standard input, or say --paste.")
    if not named and world.can_ask and not output.quiet:
        world.say("Paste the text here, then press Ctrl-D.")
    order = Order(
        file if named else None,
        project,
        wait,
        timeout,
        if_erred,
        if_closed,
        yes,
        Reading(encoding, delimiter, email_column, description_column, no_header),
        pasted=paste,
        fix=fix,
        apply=tuple(apply or ()),
        dry_run=dry_run,
    )
    with server.open(world) as api:
        return run_import(world, api, order, json=output.json, quiet=output.quiet)
