"""Between this program and the archives of deploy/: which Kafka, progress, errors, results as documents."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Group, Parameter

from cli.connection import only_one
from cli.errors import Failure
from cli.exits import Exit
from cli.world import World

if TYPE_CHECKING:
    from deploy.archive.commands import Place
    from deploy.archive.manifest import Manifest
    from deploy.archive.targets import Target

KAFKA = Group("Kafka (default: that of the installation here)", sort_key=10)
Address = Annotated[str | None, Parameter(group=KAFKA, env_var="COURSE_ACCOUNTS_KAFKA", metavar="HOST:PORT")]
Home = Annotated[Path | None, Parameter(group=KAFKA, env_var="COURSE_ACCOUNTS_DATA_DIR", metavar="FOLDER")]
_UNREACHABLE = frozenset({"KAFKA_UNREACHABLE", "KAFKA_SILENT"})


def place_of(kafka: str | None, data_dir: Path | None, environ: Mapping[str, str]) -> "Place":
    """The address of a Kafka that runs, or the data directory of an installation that does not.

    Raises:
        Failure: 2 when it is not clear which is meant.
    """
    if kafka:
        if not all(
            part.rpartition(":")[2].isdecimal() and part.rpartition(":")[0] for part in kafka.split(",")
        ):
            raise Failure(
                Exit.USAGE,
                "BAD_KAFKA_ADDRESS",
                f"{kafka} is not the address of a Kafka.",
                "It looks like 127.0.0.1:9092.",
            )
        return kafka
    from deploy.embedded.instance import running

    home = (data_dir or only_one(environ, required=True)).expanduser().absolute()
    document = running(home)
    return home if document is None else str(document["kafka"])


@contextmanager
def explained() -> Iterator[None]:
    """Turn an ArchiveError into a Failure.

    Raises:
        Failure: 7 when no Kafka answers, else 1.
    """
    from deploy.archive.errors import ArchiveError

    try:
        yield
    except ArchiveError as error:
        exit_code = Exit.UNREACHABLE if error.code in _UNREACHABLE else Exit.ERROR
        raise Failure(exit_code, error.code, error.sentence, error.hint) from error


def document_of(folder: Path, manifest: "Manifest", fingerprint: str) -> dict[str, Any]:
    """An archive as a document for scripts."""
    return {
        "folder": str(folder),
        "made_at": manifest.made_at,
        "made_by": manifest.made_by,
        "records": manifest.records,
        "manifest_sha256": fingerprint,
        "topics": [
            {
                "name": topic.name,
                "records": topic.records,
                "ends": {str(part.partition): part.end for part in topic.partitions},
            }
            for topic in manifest.topics
        ],
    }


def targets_of(targets: Sequence["Target"]) -> list[dict[str, Any]]:
    """What a restore would do with each topic."""
    return [
        {
            "name": target.name,
            "records": target.records,
            "exists": target.exists,
            "present": target.present,
            "renumbered": target.renumbered,
        }
        for target in targets
    ]


def unsaid(_: str) -> None:
    """What takes a while is not said to somebody who wants it quiet."""


def interrupted(world: World, goes_on: str) -> Exit:
    """What is said after Ctrl-C."""
    world.say(f"\nInterrupted. {goes_on}")
    return Exit.INTERRUPTED
