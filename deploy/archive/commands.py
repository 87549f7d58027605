"""What the command line calls: one function for each command, from the place of a Kafka to the result."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypeVar

from deploy.archive import checking, restoring
from deploy.archive.exporting import export
from deploy.archive.manifest import COMPLETE, Manifest
from deploy.archive.planning import Wanted
from deploy.archive.standalone import kafka_of
from deploy.archive.targets import Target, untouched
from deploy.archive.telling import Telling
from schemas.topics import DEAD_LETTERS, LOG, PROJECTS, REQUESTS

_T = TypeVar("_T")

Place = str | Path
"""A Kafka that runs ("host:port"), or the data directory of an installation that does not run."""

HISTORY = (Wanted(LOG, dense=True), Wanted(PROJECTS, dense=False))
"""What everything else is built from."""
EVERYTHING = (*HISTORY, Wanted(REQUESTS, dense=False), Wanted(DEAD_LETTERS, dense=False))

Agree = Callable[[Manifest, Sequence[Target]], bool]


def export_log(
    place: Place, folder: Path, *, everything: bool, say: Callable[[str], None], tell: Telling
) -> Manifest:
    """Export the log and the projects; with `everything` also requests and dead letters.

    Raises:
        ArchiveError: what is in the way.
    """

    async def run() -> Manifest:
        async with _at(place, say) as bootstrap:
            topics = EVERYTHING if everything else HISTORY
            return await export(bootstrap, folder, topics, made_by=_made_by(), tell=tell)

    return _run(run)


def check(folder: Path, *, tell: Telling) -> Manifest:
    """Check an archive.

    Raises:
        ArchiveError: the first thing that is wrong.
    """
    return checking.check(folder, tell=tell)


def restore(
    place: Place,
    folder: Path,
    *,
    replicas: int,
    dry_run: bool,
    agree: Agree,
    say: Callable[[str], None],
    tell: Telling,
) -> Manifest | None:
    """Restore an archive; None if `agree`, asked once everything is looked at, says no.

    Raises:
        ArchiveError: what is in the way.
    """

    async def run() -> Manifest | None:
        # a damaged archive, or only looking, is no reason to make a data directory
        manifest = await asyncio.to_thread(checking.check, folder, tell=tell)
        if dry_run and isinstance(place, Path) and not (place / "kafka").exists():
            agree(manifest, untouched(manifest))
            return None
        async with _at(place, say) as bootstrap:
            targets = await restoring.plan(bootstrap, folder, manifest, tell=tell)
            if not agree(manifest, targets) or dry_run:
                return None
            await restoring.restore(bootstrap, folder, targets, replicas=replicas, tell=tell)
            return manifest

    return _run(run)


def fingerprint(folder: Path) -> str:
    """SHA-256 of the manifest, which holds the hashes of everything else."""
    return sha256((folder / COMPLETE).read_bytes()).hexdigest()


@asynccontextmanager
async def _at(place: Place, say: Callable[[str], None]) -> AsyncIterator[str]:
    if isinstance(place, str):
        yield place
    else:
        say(f"Nothing runs in {place}: starting its Kafka alone.")
        async with kafka_of(place, say) as bootstrap:
            yield bootstrap


def _made_by() -> str:
    try:
        return f"course-accounts {version('course-accounts')}"
    except PackageNotFoundError:
        return "course-accounts"


def _run(work: Callable[[], Coroutine[None, None, _T]]) -> _T:
    # What goes wrong is said once, as our own sentence.
    for name in ("aiokafka", "kafka"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return asyncio.run(work())
