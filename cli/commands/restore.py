"""`course-accounts restore`."""

from collections.abc import Sequence
from json import dumps
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from cli.archiving import (
    KAFKA,
    Address,
    Home,
    document_of,
    explained,
    interrupted,
    place_of,
    targets_of,
    unsaid,
)
from cli.errors import Failure
from cli.exits import Exit
from cli.parameters import USUAL_OUTPUT, OutputOptions, Surroundings, Switch
from cli.text.archive import plan_lines, restored_line
from cli.text.numbers import counted
from cli.watch.records import records

if TYPE_CHECKING:
    from deploy.archive.manifest import Manifest
    from deploy.archive.targets import Target


def restore(
    folder: Annotated[Path, Parameter(name="FOLDER")],
    /,
    *,
    dry_run: Switch = False,
    yes: Annotated[bool, Parameter(name=["--yes", "-y"], negative=(), show_default=False)] = False,
    kafka: Address = None,
    data_dir: Home = None,
    replicas: Annotated[int, Parameter(group=KAFKA, validator=Number(gte=1, lte=100))] = 1,
    output: OutputOptions = USUAL_OUTPUT,
    world: Surroundings,
) -> Exit:
    """Write an archive into an empty Kafka, read it back and compare.

    The archive is checked first. Topics are made as they must be; one that holds anything but the beginning of this
    archive is refused. Interrupted, the same command goes on where it stopped. Stop the services before: an
    installation on this machine must not run, its Kafka is started for as long as it takes.

    Args:
        folder: The archive.
        dry_run: Only check and say what would be done.
        yes: Do not ask.
        kafka: A Kafka that no service uses.
        data_dir: Data directory of an installation on this machine; may be a new one.
        replicas: Copies of each partition, for topics that are made.
        output: How results are shown.
        world: The surroundings.
    """
    silent = output.json or output.quiet
    declined = False

    with explained():
        from deploy.archive import commands

        place = place_of(kafka, data_dir, world.environ)
        if kafka is None and isinstance(place, str):
            raise Failure(
                Exit.ERROR,
                "INSTALLATION_RUNNING",
                "The installation is running, and its services write to the log.",
                "Stop it first, or name a new data directory with --data-dir.",
            )
        with records(world, quiet=silent) as tell:

            def agree(manifest: "Manifest", targets: Sequence["Target"]) -> bool:
                nonlocal declined
                tell.still()
                shown = targets_of(targets)
                if dry_run:
                    world.out(dumps({"topics": shown}) if output.json else "\n".join(plan_lines(shown)))
                    return False
                if not silent:
                    world.say("\n".join(plan_lines(shown)))
                declined = not yes and not world.agreed(f"Restore {counted(manifest.records, 'record')}?")
                return not declined

            try:
                say = unsaid if silent else world.say
                made = commands.restore(
                    place, folder, replicas=replicas, dry_run=dry_run, agree=agree, say=say, tell=tell
                )
            except KeyboardInterrupt:
                return interrupted(world, "The same command goes on where it stopped.")
    if declined:
        world.say("Nothing was changed.")
        return Exit.DECLINED
    if made is not None:
        document = document_of(folder, made, commands.fingerprint(folder))
        world.out(dumps(document) if output.json else restored_line(made.records))
        if isinstance(place, Path) and not silent:
            world.say(f"Start it: course-accounts up --data-dir {quote(str(place))}")
    return Exit.ALL_DONE
