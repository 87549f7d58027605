"""`course-accounts export`."""

from json import dumps
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from cli.archiving import Address, Home, document_of, explained, interrupted, place_of, unsaid
from cli.client import accounts as client
from cli.client import imports
from cli.examples import EXAMPLES
from cli.exits import Exit
from cli.finding import find_project
from cli.parameters import (
    USUAL_OUTPUT,
    USUAL_SERVER,
    Course,
    ImportId,
    OutputOptions,
    ServerOptions,
    Surroundings,
    Switch,
)
from cli.saving import save
from cli.text.archive import exported_lines, saved_line, whole_line
from cli.watch.records import records
from cli.world import World

Folder = Annotated[Path, Parameter(name="FOLDER")]
File = Annotated[Path, Parameter(name="FILE")]
State = Literal["Pending", "OK", "Erred", "Closed"]

export = App(
    name="export",
    help="Write the log to an archive; accounts and rows to CSV files.",
    help_prologue=EXAMPLES["export"],
)


@export.command(name="log", help_prologue=EXAMPLES["export log"])
def log(
    folder: Folder,
    /,
    *,
    everything: Switch = False,
    kafka: Address = None,
    data_dir: Home = None,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Write the log and the projects to an archive, byte for byte.

    Goes to the end seen at the start; the services may go on meanwhile. Interrupted, the same command goes on where
    it stopped. Where the installation does not run, its Kafka is started for as long as it takes.

    Args:
        folder: Where the archive goes; empty or not there yet.
        everything: Also requests of other services and dead letters.
        kafka: A Kafka; the topics are those of an installation.
        data_dir: Data directory of an installation on this machine.
        output: How results are shown.
        world: The surroundings.
    """
    silent = output.json or output.quiet
    with explained():
        from deploy.archive import commands

        place = place_of(kafka, data_dir, world.environ)
        try:
            with records(world, quiet=silent) as tell:
                say = unsaid if silent else world.say
                made = commands.export_log(place, folder, everything=everything, say=say, tell=tell)
        except KeyboardInterrupt:
            return interrupted(world, "The same command goes on where it stopped.")
        document = document_of(folder, made, commands.fingerprint(folder))
    world.out(dumps(document) if output.json else "\n".join(exported_lines(folder, document)))
    return Exit.ALL_DONE


@export.command(name="check", help_prologue=EXAMPLES["export check"])
def check(folder: Folder, /, *, output: OutputOptions = USUAL_OUTPUT, world: Surroundings) -> Exit:
    """Read an archive from end to end; says the first thing that is wrong.

    Args:
        folder: The archive.
        output: How results are shown.
        world: The surroundings.
    """
    with explained():
        from deploy.archive import commands

        with records(world, quiet=output.json or output.quiet) as tell:
            found = commands.check(folder, tell=tell)
        document = document_of(folder, found, commands.fingerprint(folder))
    world.out(dumps(document) if output.json else whole_line(document))
    return Exit.ALL_DONE


@export.command(name="accounts", help_prologue=EXAMPLES["export accounts"])
def accounts(
    file: File,
    /,
    *,
    project: Annotated[str | None, Course] = None,
    state: Annotated[list[State] | None, Parameter(negative=())] = None,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Write all accounts to a CSV file.

    Args:
        file: A new file.
        project: Only of this course: its name, slug or uuid.
        state: Only in this state; may be repeated.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api:
        uuid = find_project(api, project).uuid if project else None
        with client.accounts_csv(api, project=uuid, states=state or ()) as pieces:
            size = save(file, pieces)
    return _saved(world, output, file, size)


@export.command(name="rows", help_prologue=EXAMPLES["export rows"])
def rows(
    import_id: ImportId,
    file: File,
    /,
    *,
    server: ServerOptions = USUAL_SERVER,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Write all rows of an import to a CSV file, with what became of each.

    Args:
        import_id: Id of the import.
        file: A new file.
        server: Which server.
        output: How results are shown.
        world: The surroundings.
    """
    with server.open(world) as api, imports.rows_csv(api, import_id.hex) as pieces:
        size = save(file, pieces)
    return _saved(world, output, file, size)


def _saved(world: World, output: OutputOptions, file: Path, size: int) -> Exit:
    if output.json:
        world.out(dumps({"file": str(file), "bytes": size}))
    elif not output.quiet:
        world.say(saved_line(file, size))
    return Exit.ALL_DONE
