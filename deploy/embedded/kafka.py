"""A real Apache Kafka, one node without ZooKeeper, run from a data directory."""

import asyncio
import base64
import fcntl
import re
import secrets
import shutil
import signal
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import kafka_config, kafka_probe
from .archive import use_archive
from .child import Child
from .errors import StackError, not_ready
from .jars import KAFKA_VERSION, Progress, ensure_jars
from .java import find_java
from .kafka_trouble import explain
from .paths import make_dir, os_error
from .ports import LOOPBACK, kept_port, wanted_port
from .reaper import Reaper

_TICK = 0.03


class KafkaServer:
    """One broker. ``start`` it, use ``bootstrap``, ``stop`` it; the data stays for the next start.

    Args:
        data_dir: a folder of its own; made if missing.
        warden: ends the broker should this process die.
        port: for clients; None for the one used last time, or a free one.
        settings: broker settings that replace or extend ours.
        ready_within: seconds a start may take.
        stop_within: seconds a stop may take before the broker is killed.
        patience: seconds to wait for a server whose parent was killed and that is just being ended.
        progress: is told in a sentence what takes a while.
        java_flags: for the broker alone, in place of those that use the archive of loaded classes.
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
        java_flags: Sequence[str] = (),
    ) -> None:
        self._home = data_dir.absolute()
        self._warden = warden
        self._wanted = port
        self._settings = dict(settings or {})
        self._ready_within = ready_within
        self._stop_within = stop_within
        self._patience = patience
        self._progress = progress
        self._java_flags = tuple(java_flags)
        self._child: Child | None = None
        self._port = 0

    @property
    def bootstrap(self) -> str:
        """``host:port`` for clients, once started."""
        return f"{LOOPBACK}:{self._port}"

    @property
    def pid(self) -> int | None:
        """The broker's process id while it runs."""
        return self._child.pid if self._child and self._child.code is None else None

    @property
    def log_file(self) -> Path:
        """What the broker writes about itself."""
        return self._home / "kafka.log"

    async def start(self) -> None:
        """Start the broker and return once it serves.

        Raises:
            StackError: ``NO_JAVA``, ``PORT_TAKEN``, ``DISK_FULL``, ``NOT_WRITABLE``, ``DATA_DIR_IN_USE``,
                ``DATA_DIR_OTHER_VERSION``, ``DATA_DIR_DAMAGED``, ``KAFKA_NOT_STARTED``, or one of
                ``ensure_jars``.
        """
        if self.pid is not None:
            return
        java = find_java()
        jars = await asyncio.to_thread(ensure_jars, self._progress)
        make_dir(self._home)
        await self._wait_for_predecessor()
        flags = kafka_config.java_flags(java, self._home / "log4j2.properties")
        classes = ["-cp", ":".join(str(jar) for jar in jars)]
        command = [str(java.program), *flags, *(self._java_flags or use_archive(java)), *classes]
        attempts = 1 if self._wanted else 3
        while True:
            attempts -= 1
            try:
                self._write_config()
                await self._format([str(java.program), *flags, *use_archive(java), *classes])
                await self._run(command)
            except OSError as error:
                raise os_error(error, self._home) from error
            except StackError as error:
                # Somebody took the free port between our look and the broker's: take another.
                if error.code != "PORT_TAKEN" or attempts <= 0:
                    raise
            else:
                return

    async def stop(self) -> None:
        """Stop the broker in order; kill it if it takes too long. No error if it does not run."""
        child, self._child = self._child, None
        if child is not None:
            await child.stop(signal.SIGTERM, within=self._stop_within)

    async def wait(self) -> int:
        """Wait until the broker ends by itself; return its exit code."""
        if self._child is None:
            raise RuntimeError("wait() before start()")
        return await self._child.wait()

    @property
    def _logs(self) -> Path:
        return self._home / "topics"

    def _write_config(self) -> None:
        ports = self._home / "ports.json"
        if self._wanted:
            self._port = wanted_port(self._wanted, "Kafka")
        else:
            self._port = kept_port(ports, "kafka")
        properties = kafka_config.server_properties(
            log_dir=self._logs,
            port=self._port,
            controller_port=kept_port(ports, "controller"),
            more=self._settings,
        )
        (self._home / "server.properties").write_text(properties)
        (self._home / "log4j2.properties").write_text(kafka_config.log_properties(self.log_file))

    async def _format(self, java: list[str]) -> None:
        version = self._home / "kafka.version"
        if self._logs.exists():
            self._check_version(version.read_text().strip() if version.exists() else "")
            return
        # Formatted beside its place and moved there: a format cut short is simply done again.
        fresh = self._home / "topics.new"
        shutil.rmtree(fresh, ignore_errors=True)
        properties = self._home / "format.properties"
        properties.write_text(
            (self._home / "server.properties")
            .read_text()
            .replace(f"log.dirs={self._logs}\n", f"log.dirs={fresh}\n")
        )
        cluster = base64.urlsafe_b64encode(secrets.token_bytes(16)).rstrip(b"=").decode().replace("-", "A", 1)
        arguments = ["kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(properties)]
        output = self._home / "kafka-format.out"
        child = Child.start([*java, *arguments], warden=self._warden, output=output, cwd=self._home)
        code = await child.finish(within=self._ready_within)
        if code != 0:
            raise explain(output.read_text(errors="replace"), self._home, output)
        version.write_text(KAFKA_VERSION + "\n")
        fresh.rename(self._logs)

    def _check_version(self, made_by: str) -> None:
        if not (self._logs / "meta.properties").exists() or not re.fullmatch(r"\d+\.\d+\.\d+", made_by):
            raise StackError(
                "DATA_DIR_DAMAGED",
                f"{self._home} holds something that is not the data of an embedded Kafka.",
                "Choose another data directory, or move this one away.",
            )
        if _numbers(made_by) > _numbers(KAFKA_VERSION):
            raise StackError(
                "DATA_DIR_OTHER_VERSION",
                f"The data in {self._home} was written by Kafka {made_by}; this is {KAFKA_VERSION}, which is older.",
                "Use the newer release of this program, or another data directory.",
            )

    async def _run(self, java: list[str]) -> None:
        arguments = ["kafka.Kafka", str(self._home / "server.properties")]
        output = self._home / "kafka.out"
        read_from = self.log_file.stat().st_size if self.log_file.exists() else 0
        child = Child.start([*java, *arguments], warden=self._warden, output=output, cwd=self._home)
        if await child.ready(lambda: kafka_probe.answers(LOOPBACK, self._port), within=self._ready_within):
            self._child = child
            return
        if child.code == -signal.SIGKILL:
            raise not_ready("Kafka", self._ready_within, self.log_file)
        said = self._said_since(read_from) + output.read_text(errors="replace")
        raise explain(said, self._home, self.log_file)

    def _said_since(self, position: int) -> str:
        try:
            with self.log_file.open("rb") as log:
                log.seek(position)
                return log.read(4_000_000).decode(errors="replace")
        except OSError:
            return ""

    async def _wait_for_predecessor(self) -> None:
        """Wait a little for a broker whose parent was killed and that is just being ended."""
        deadline = time.monotonic() + self._patience
        while _is_locked(self._logs / ".lock"):
            if time.monotonic() > deadline:
                raise StackError(
                    "DATA_DIR_IN_USE",
                    f"Another Kafka is running on {self._home}.",
                    "Stop the other one, or choose another data directory.",
                )
            await asyncio.sleep(_TICK)


def _is_locked(file: Path) -> bool:
    try:
        with file.open("r+") as handle:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
