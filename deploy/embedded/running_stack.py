"""The stack as it runs: what is started in which order, what it looks like, how it ends."""

import asyncio
import random
import signal
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import TypeVar

from . import reaper, stack
from .backoff import Backoff
from .errors import StackError
from .kafka import KafkaServer
from .keys import Keys
from .options import COPYABLE, UpOptions
from .overview import Listing, without_password
from .paths import make_dir
from .ports import kept_port
from .postgres import PostgresServer
from .preparing import prepare_postgres, prepare_projects, prepare_sign_in, prepare_topics, web_url
from .ready_file import Document, ProjectEntry
from .reaper import Reaper
from .service_logs import keep_all_below
from .service_process import READY_WITHIN, ServiceProcess, Standby
from .stack import AccountServiceAccess, Backing, ServiceSpec
from .supervisor import Change, NotReplaced, Supervisor
from .together import together

_REBUILT_WITHIN = 900.0
"""Seconds for a projector that finds tables of an older version: it reads the whole log again."""
_FRONT_STOPS, _SERVICE_STOPS, _SERVER_STOPS = 0.8, 1.8, 2.0
"""Seconds each layer may take to end before it is killed; together below the 5 s a person should wait at most."""

_STARTS = 4
_BETWEEN_STARTS = Backoff(first=1.0, longest=4.0, floor=0.5)

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Voices:
    """Whom the stack tells what."""

    done: Callable[[str, float], None]
    say: Callable[[str, str], None]
    changed: Callable[[Change], None]


_Process = ServiceProcess | KafkaServer | PostgresServer


class RunningStack:
    """Starts everything, and stops it in the opposite order."""

    def __init__(
        self,
        options: UpOptions,
        keys: Keys,
        access: AccountServiceAccess | None,
        front_port: int,
        voices: Voices,
    ) -> None:
        self._home = options.home()
        self._keys = keys
        self._voices = voices
        self._warden = Reaper()
        self._front_port = front_port
        self._logs = make_dir(self._home / "logs", 0o700)
        memory = self._home / "ports.json"
        self._ports = {
            (name, copy): kept_port(memory, f"{name}-{copy}")
            for name, copy in stack.ports_needed(options.copies)
        }
        self._simulated = access is None
        self._accounts = access or self._simulated_access()
        make_dir(self._home / "kafka", 0o700)
        self._kafka = KafkaServer(
            self._home / "kafka", self._warden, stop_within=_SERVER_STOPS, progress=self._progress
        )
        self._postgres = PostgresServer(
            self._home / "postgres", self._warden, stop_within=_SERVER_STOPS, progress=self._progress
        )
        self._processes: list[ServiceProcess] = []
        self._standbys: dict[tuple[str, int], Standby] = {}
        self._admin_dsn = ""
        self._sign_in = ""
        self._projects: list[ProjectEntry] = []
        self._supervisor = Supervisor(voices.changed)
        self._log_keeper: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start everything and return once every part is ready.

        Raises:
            StackError: what is in the way.
        """
        early = [stack.front(self._front_port, self._ports)]
        if self._simulated:
            early.append(self._account_service())
        self._stand_by()
        created, dsns, *_ = await together(
            self._start_kafka(), self._start_postgres(), *map(self._start_service, early)
        )
        backing = Backing(self._kafka.bootstrap, dsns, self._keys.internal_token, self._accounts)
        # The services do not wait for the projects: they read them whenever they come.
        services = stack.services(self._ports, backing)
        self._projects, *_ = await together(
            self._timed("demo projects", prepare_projects(self._kafka.bootstrap, created)),
            *map(self._start_service, services),
        )
        self._supervise()

    async def failed(self) -> None:
        """Wait for a mistake in the supervision itself, and raise it."""
        await self._supervisor.failed()

    async def stop(self) -> None:
        """Stop everything: first the address for clients, then the services, then what they stand on."""
        await self._supervisor.stop()
        await asyncio.gather(*(standby.dismiss() for standby in self._standbys.values()))
        if self._log_keeper is not None:
            self._log_keeper.cancel()
        await asyncio.gather(*self._ending((stack.FRONT,), _FRONT_STOPS))
        await asyncio.gather(*self._ending(COPYABLE, _SERVICE_STOPS))
        # The account service stands on neither of the two, so nobody waits for it alone.
        simulated = self._ending((stack.ACCOUNT_SERVICE,), _SERVER_STOPS)
        await asyncio.gather(*simulated, self._kafka.stop(), self._postgres.stop())
        await asyncio.to_thread(self._warden.close)

    def _ending(self, services: Collection[str], within: float) -> list[Awaitable[None]]:
        return [p.stop(within=within) for p in self._processes if p.spec.service in services]

    def kill(self) -> None:
        """End every process at once, without order; data written so far is safe on the disk."""
        for _, process in self._in_order():
            if process.pid is not None:
                reaper.send(process.pid, signal.SIGKILL, group=True)

    def document(self) -> Document:
        """What the ready file says at this moment."""
        processes: dict[str, list[int]] = {}
        for service, process in self._in_order():
            processes.setdefault(service, []).append(process.pid or 0)
        url = f"http://{stack.HOST}:{self._front_port}"
        return Document(
            url=url,
            token=self._keys.staff_token,
            web_url=web_url(url, self._sign_in),
            data_dir=str(self._home),
            kafka=self._kafka.bootstrap,
            postgres=self._admin_dsn,
            account_service=self._accounts.url,
            projects=self._projects,
            processes=processes,
        )

    def listings(self) -> list[Listing]:
        """Where every process listens."""
        addresses = {stack.KAFKA: self._kafka.bootstrap, stack.POSTGRES: without_password(self._admin_dsn)}
        return [
            Listing(
                service,
                process.spec.url if isinstance(process, ServiceProcess) else addresses[service],
                process.log_file,
            )
            for service, process in self._in_order()
        ]

    def _in_order(self) -> list[tuple[str, _Process]]:
        order = list(stack.TITLES)
        services = sorted(self._processes, key=lambda p: (order.index(p.spec.service), p.spec.copy))
        return [
            *((process.spec.service, process) for process in services),
            (stack.KAFKA, self._kafka),
            (stack.POSTGRES, self._postgres),
        ]

    async def _start_kafka(self) -> list[str]:
        await self._timed("Apache Kafka", self._kafka.start())
        return await self._timed("topics", prepare_topics(self._kafka.bootstrap))

    async def _start_postgres(self) -> dict[str, str]:
        await self._timed("PostgreSQL", self._postgres.start())
        preparing = prepare_postgres(self._postgres.dsn, self._keys.passwords(), self._keys.staff_token)
        self._admin_dsn, dsns = await self._timed("database, roles and schemas", preparing)
        self._sign_in = await prepare_sign_in(self._admin_dsn)
        return dsns

    def _stand_by(self) -> None:
        """Let the services load their libraries while the servers they need are starting."""
        for service, copy in self._ports:
            if service in COPYABLE:
                log_file = self._logs / f"{stack.label(service, copy)}.log"
                self._standbys[service, copy] = Standby(stack.preloaded(service), log_file, self._warden)

    async def _start_service(self, spec: ServiceSpec) -> None:
        standby = self._standbys.pop((spec.service, spec.copy), None)
        within = _REBUILT_WITHIN if spec.service == "projector" else READY_WITHIN
        process = ServiceProcess(spec, self._warden, self._logs, standby=standby, ready_within=within)
        self._processes.append(process)
        await self._timed(spec.label.replace("_", " "), self._start_patiently(process))

    async def _start_patiently(self, process: ServiceProcess) -> None:
        """A predecessor whose parent was killed may take seconds to end, and holds journal and port until then."""
        for attempt in range(1, _STARTS):
            try:
                await process.start()
            except StackError as error:
                if error.code != "SERVICE_ENDED":
                    raise
                delay = _BETWEEN_STARTS.delay(attempt, random.random)
                self._voices.changed(NotReplaced(process.spec.label, error, delay))
                await asyncio.sleep(delay)
            else:
                return
        await process.start()

    def _supervise(self) -> None:
        for process in self._processes:
            self._supervisor.keep(process.spec.label, process)
        self._supervisor.keep("Kafka", self._kafka)
        self._supervisor.keep("PostgreSQL", self._postgres)
        logs = [process.log_file for process in self._processes]
        self._log_keeper = asyncio.create_task(keep_all_below(logs), name="keep logs small")

    def _account_service(self) -> ServiceSpec:
        folder = make_dir(self._home / "account-service", 0o700)
        port = self._ports[stack.ACCOUNT_SERVICE, 1]
        return stack.account_service(port, folder / "journal", self._accounts, self._keys.control_token)

    def _simulated_access(self) -> AccountServiceAccess:
        base = f"http://{stack.HOST}:{self._ports[stack.ACCOUNT_SERVICE, 1]}"
        return AccountServiceAccess(
            f"{base}/accounts", f"{base}/oauth/token", "course-accounts", self._keys.account_service_secret
        )

    def _progress(self, sentence: str) -> None:
        self._voices.say("PROGRESS", sentence)

    async def _timed(self, step: str, work: Awaitable[_Result]) -> _Result:
        began = time.monotonic()
        result = await work
        self._voices.done(step, time.monotonic() - began)
        return result
