"""Apache Kafka's jars: the exact files of ``kafka-jars.lock``, checked by content, kept in the cache."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from .errors import StackError
from .paths import cache_dir, make_dir, only_one, os_error

KAFKA_VERSION = "4.3.0"
LOCK = Path(__file__).with_name("kafka-jars.lock")
ROOTS = (f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}", "org.apache.logging.log4j:log4j-slf4j-impl:2.25.4")
"""What the lock is made from: the broker, and the binding that lets it write a log."""

Progress = Callable[[str], None]
Fetch = Callable[[str, Path], Path]
_AT_ONCE = 6


@dataclass(frozen=True)
class Jar:
    """One line of the lock: a file, the Maven coordinate it comes from, and the digest of its content."""

    name: str
    coordinate: str
    sha256: str


def read_lock(lock: Path = LOCK) -> tuple[Jar, ...]:
    """Return the jars of a lock file, in class path order."""
    lines = (line.split() for line in lock.read_text().splitlines() if not line.startswith("#"))
    return tuple(Jar(*words) for words in lines if words)


def jars_dir(lock: Path = LOCK) -> Path:
    """Return the folder where the jars of this lock are, or will be."""
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()[:12]
    return cache_dir() / f"kafka-{KAFKA_VERSION}-{digest}"


def installed_jars(lock: Path = LOCK) -> list[Path] | None:
    """Return the class path if every jar is there, else None."""
    folder = jars_dir(lock)
    try:
        there = {path.name for path in folder.iterdir()}
    except OSError:
        return None
    names = [jar.name for jar in read_lock(lock)]
    return [folder / name for name in names] if there.issuperset(names) else None


def ensure_jars(
    progress: Progress = lambda _: None, *, lock: Path = LOCK, fetch: Fetch | None = None
) -> list[Path]:
    """Return the class path, fetching the jars first where they are missing.

    Several processes may ask at once: one fetches, the others wait for it. A fetch that was cut short
    leaves nothing that counts as installed.

    Args:
        progress: is told in a sentence what takes a while.
        lock: which jars.
        fetch: brings the jar of a coordinate into a folder; None for Maven's registry.

    Raises:
        StackError: ``DOWNLOAD_FAILED``, ``CHECKSUM_MISMATCH``, ``DISK_FULL`` or ``NOT_WRITABLE``.
    """
    found = installed_jars(lock)
    if found:
        return found
    home = cache_dir()
    with only_one(home / "install.lock"):
        found = installed_jars(lock)
        if found:
            return found
        jars = read_lock(lock)
        progress(f"Fetching Apache Kafka {KAFKA_VERSION} ({len(jars)} files, 44 MB)")
        fresh = Path(tempfile.mkdtemp(prefix="kafka-", dir=make_dir(home)))
        try:
            _fetch_all(jars, fresh, fetch or _fetch)
            fresh.chmod(0o755)
            target = jars_dir(lock)
            shutil.rmtree(target, ignore_errors=True)
            fresh.rename(target)
        except OSError as error:
            raise os_error(error, home) from error
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return [target / jar.name for jar in jars]


def write_lock() -> None:
    """Resolve ``ROOTS`` again and write the lock; for the person who raises Kafka's version."""
    import jgo

    with tempfile.TemporaryDirectory() as scratch:
        # Root by root, the broker's choices first: resolved together, one root's managed versions would
        # replace the other's.
        chosen: dict[tuple[str, str], str] = {}
        for root in ROOTS:
            for found in jgo.resolve(root):
                chosen.setdefault((found.groupId, found.artifactId), found.version)
        coordinates = sorted(
            (f"{group}:{name}:{version}" for (group, name), version in chosen.items()),
            key=lambda coordinate: coordinate.split(":")[1:],
        )
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            files = list(pool.map(lambda coordinate: _fetch(coordinate, Path(scratch)), coordinates))
        rows = [
            f"{file.name} {coordinate} {_digest(file)}"
            for file, coordinate in zip(files, coordinates, strict=True)
        ]
    head = "# file, Maven coordinate, sha256. Written by: python -m deploy.embedded.install --write-lock"
    LOCK.write_text("\n".join([head, *rows]) + "\n")


def _fetch_all(jars: tuple[Jar, ...], target: Path, fetch: Fetch) -> None:
    def one(jar: Jar) -> None:
        file = fetch(jar.coordinate, scratch)
        found = _digest(file)
        if found != jar.sha256:
            raise StackError(
                "CHECKSUM_MISMATCH",
                f"{jar.name} is not the file we know: sha256 {found[:12]}… instead of {jar.sha256[:12]}….",
                "Something between here and the registry changes files; ask whoever runs the mirror.",
            )
        file.rename(target / jar.name)

    with (
        tempfile.TemporaryDirectory(prefix="fetch-", dir=target.parent) as folder,
        ThreadPoolExecutor(_AT_ONCE) as pool,
    ):
        scratch = Path(folder)
        for _ in pool.map(one, jars):
            pass


def _fetch(coordinate: str, scratch: Path) -> Path:
    from jgo.config import GlobalSettings
    from jgo.constants import MAVEN_CENTRAL_URL
    from jgo.maven import MavenContext

    group, artifact, version = coordinate.split(":")
    try:
        # One context a file: they are not made for threads. Mirrors named in jgo's own settings come first.
        settings = GlobalSettings.load()
        maven = MavenContext(
            repo_cache=scratch,
            remote_repos={**settings.repositories, "central": MAVEN_CENTRAL_URL},
            timeout=30,
        )
        return Path(maven.project(group, artifact).at_version(version).artifact().resolve())
    except OSError as error:
        # The network's errors are OSErrors too, without a file name.
        if error.filename:
            raise os_error(error, scratch) from error
        raise _unreachable(coordinate, error) from error
    except RuntimeError as error:
        raise _unreachable(coordinate, error) from error


def _unreachable(coordinate: str, error: Exception) -> StackError:
    return StackError(
        "DOWNLOAD_FAILED",
        f"{coordinate} could not be fetched from the Maven registry ({type(error).__name__}).",
        "Check the network, or name a mirror under [repositories] in jgo's settings, and run it again.",
    )


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
