"""A real PostgreSQL, run from a data directory as an unprivileged user."""

import asyncio
import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from .child import Child
from .errors import StackError, not_ready
from .jars import Progress
from .paths import make_dir, os_error
from .ports import LOOPBACK, kept_port, wanted_port
from .postgres_place import place_for
from .postgres_programs import Programs, ensure_programs, postgres_version
from .postgres_trouble import explain
from .reaper import Reaper

_TICK = 0.02
_SUPERUSER = "postgres"
_SOCKET_PATH_LIMIT = 90
"""Bytes a folder's name may have for a Unix socket in it: the system's limit is 104 to 108 with the file."""

_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Rows hold people's addresses: a refused statement is logged without its values.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}


class PostgresServer:
    """One server. ``start`` it, use ``dsn``, ``stop`` it; the data stays for the next start.

    Args:
        data_dir: a folder of its own; made if missing.
        warden: ends the server should this process die.
        port: None for the one used last time, or a free one.
        settings: server settings that replace or extend ours.
        ready_within: seconds a start may take.
        stop_within: seconds a stop may take before the server is killed.
        patience: seconds to wait for a server whose parent was killed and that is just being ended.
        progress: is told in a sentence what takes a while.
    """

    def __init__(
        self,
        data_dir: Path,
        warden: Reaper,
        *,
        port: int | None = None,
        settings: Mapping[str, str] | None = None,
        ready_within: float = 60.0,
        stop_within: float = 4.0,
        patience: float = 10.0,
        progress: Progress = lambda _: None,
    ) -> None:
        self._home = data_dir.absolute()
        self._warden = warden
        self._wanted = port
        self._settings = {**_SETTINGS, **(settings or {})}
        self._ready_within = ready_within
        self._stop_within = stop_within
        self._patience = patience
        self._progress = progress
        self._child: Child | None = None
        self._port = 0
        self._password = ""

    @property
    def dsn(self) -> str:
        """Connection string of the superuser, once started."""
        return f"postgresql://{_SUPERUSER}:{self._password}@{LOOPBACK}:{self._port}/postgres"

    @property
    def pid(self) -> int | None:
        """The server's process id while it runs."""
        return self._child.pid if self._child and self._child.code is None else None

    @property
    def log_file(self) -> Path:
        """What the server writes about itself, since its last start."""
        return self._home / "postgres.log"

    async def start(self) -> None:
        """Start the server and return once it takes connections.

        Raises:
            StackError: ``PORT_TAKEN``, ``DISK_FULL``, ``NOT_WRITABLE``, ``DATA_DIR_IN_USE``,
                ``DATA_DIR_OTHER_VERSION``, ``DATA_DIR_DAMAGED``, ``POSTGRES_NOT_STARTED``, ``NO_POSTGRES``,
                ``NO_USER``.
        """
        if self.pid is not None:
            return
        programs = await asyncio.to_thread(ensure_programs)
        make_dir(self._home)
        try:
            place = place_for(self._home, programs.user)
            await self._make_cluster(programs, place)
            _check_version(place / "data", self._home)
            await self._wait_for_predecessor(place / "data")
            attempts = 1 if self._wanted else 3
            while True:
                attempts -= 1
                try:
                    await self._run(programs, place)
                except StackError as error:
                    # Somebody took the free port between our look and the server's: take another.
                    if error.code != "PORT_TAKEN" or attempts <= 0:
                        raise
                else:
                    return
        except OSError as error:
            raise os_error(error, self._home) from error

    async def stop(self) -> None:
        """End all connections and stop in order; kill the server if it takes too long."""
        child, self._child = self._child, None
        if child is not None:
            # SIGINT is its "fast" shutdown: it does not wait for clients to go by themselves.
            await child.stop(signal.SIGINT, within=self._stop_within)

    async def wait(self) -> int:
        """Wait until the server ends by itself; return its exit code."""
        if self._child is None:
            raise RuntimeError("wait() before start()")
        return await self._child.wait()

    async def _make_cluster(self, programs: Programs, place: Path) -> None:
        secret = self._home / "password"
        if (place / "data").exists():
            try:
                self._password = secret.read_text().strip()
            except OSError as error:
                raise os_error(error, secret) from error
            return
        self._progress("Making an empty PostgreSQL database")
        self._password = secrets.token_urlsafe(24)
        _write_private(secret, self._password)
        told = place / "password"
        _write_private(told, self._password)
        # Made beside its place and moved there: one cut short is simply made again.
        fresh = place / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        if programs.user:
            shutil.chown(told, programs.user)
        arguments = [
            *("--pgdata", str(fresh), "--username", _SUPERUSER, "--pwfile", str(told)),
            *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"),
            *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--no-instructions"),
        ]
        output = self._home / "initdb.out"
        child = self._spawn(programs, "initdb", arguments, place, output, signal.SIGTERM)
        try:
            code = await child.finish(within=self._ready_within)
        finally:
            told.unlink(missing_ok=True)
        if code != 0:
            raise explain(output.read_text(errors="replace"), self._home, output)
        fresh.rename(place / "data")

    async def _run(self, programs: Programs, place: Path) -> None:
        if self._wanted:
            self._port = wanted_port(self._wanted, "PostgreSQL")
        else:
            self._port = kept_port(self._home / "ports.json", "postgres")
        sockets = str(place) if len(os.fsencode(place)) <= _SOCKET_PATH_LIMIT else ""
        settings = {**self._settings, "port": str(self._port), "unix_socket_directories": sockets}
        arguments = ["-D", str(place / "data")]
        arguments += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with contextlib.suppress(FileNotFoundError):
            self.log_file.replace(self.log_file.with_suffix(".log.1"))
        child = self._spawn(programs, "postgres", arguments, place, self.log_file, signal.SIGINT)

        async def is_ready() -> bool:
            return _is_ready(place / "data", child.pid)

        if not await child.ready(is_ready, within=self._ready_within):
            if child.code == -signal.SIGKILL:
                raise not_ready("PostgreSQL", self._ready_within, self.log_file)
            raise explain(self.log_file.read_text(errors="replace"), self._home, self.log_file)
        self._child = child

    def _spawn(
        self, programs: Programs, name: str, arguments: list[str], place: Path, output: Path, end_with: int
    ) -> Child:
        # Nothing of our environment: PGDATA, PGPORT and LANG of a developer's shell would be obeyed.
        env = {"PATH": f"{programs.bin}:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": str(place)}
        return Child.start(
            [str(programs.bin / name), *arguments],
            warden=self._warden,
            output=output,
            cwd=place,
            env=env,
            user=programs.user,
            end_with=end_with,
        )

    async def _wait_for_predecessor(self, data: Path) -> None:
        """Wait a little for a server whose parent was killed and that is just being ended."""
        deadline = time.monotonic() + self._patience
        while (pid := _pid_in(data)) is not None and _is_postgres(pid):
            if time.monotonic() > deadline:
                raise StackError(
                    "DATA_DIR_IN_USE",
                    f"Another PostgreSQL (process {pid}) is running on {self._home}.",
                    "Stop the other one, or choose another data directory.",
                )
            await asyncio.sleep(_TICK)
        # The machine went down, and the process id may be somebody else's by now: the server would refuse.
        (data / "postmaster.pid").unlink(missing_ok=True)


def _check_version(data: Path, home: Path) -> None:
    try:
        made_by = (data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise StackError(
            "DATA_DIR_DAMAGED",
            f"{home} holds something that is not the data of an embedded PostgreSQL.",
            "Choose another data directory, or move this one away.",
        ) from None
    ours = postgres_version().split(".")[0]
    if made_by != ours:
        raise StackError(
            "DATA_DIR_OTHER_VERSION",
            f"The data in {home} was written by PostgreSQL {made_by}; this is PostgreSQL {ours}.",
            "Use the release of this program that wrote it, or choose another data directory.",
        )


def _is_ready(data: Path, pid: int) -> bool:
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"


def _pid_in(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _is_postgres(pid: int) -> bool:
    said = subprocess.run(
        ["ps", "-o", "stat=,comm=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    state, _, command = said.stdout.strip().partition(" ")
    return "postgres" in command and not state.startswith("Z")


def _write_private(file: Path, text: str) -> None:
    file.unlink(missing_ok=True)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:  # noqa: PTH123
        handle.write(text)
