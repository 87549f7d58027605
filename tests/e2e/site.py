"""One running installation with everything a test needs to use, disturb and judge it."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx2

from deploy.account_service import journal
from deploy.embedded.keys import ensure_keys
from deploy.embedded.reaper import Reaper
from schemas.codec import encode_project
from schemas.projects import CourseProject
from schemas.topics import PROJECTS
from services.common.producer import LogProducer
from services.common.records import Message
from tests.e2e.checker import tables
from tests.e2e.checker.dump import LogReader, log_reader
from tests.e2e.checker.evidence import Evidence, Given, of_project
from tests.e2e.checker.folding import differences, fold, provisioner_differences
from tests.e2e.checker.invariants import INVARIANTS
from tests.support.installation import Installation
from tests.support.person import Command, Ended, Person
from tests.support.waiting import until

CLASSES = (
    "created",
    "failed",
    "pending",
    "waiting",
    "cancelled",
    "closed",
    "existing",
    "duplicate",
    "invalid",
)
UNGUARDED = {"unique_addresses": False, "arrays": False}
"""A fault for tests of single effects: the service itself prevents no second account for an address, so only
the right idempotency keys do. One call each: with arrays everything is over before it can be disturbed."""
_TIMEOUT_S = 30.0


@dataclass(frozen=True)
class Course:
    """A project that only one test uses."""

    project_id: UUID
    slug: str

    def file(self, folder: Path, rows: int, *, prefix: str = "person", first: int = 1) -> Path:
        """A file of so many new addresses."""
        lines = [f"{prefix}{row}@example.org,Row {row}" for row in range(first, first + rows)]
        path = folder / f"{self.slug}-{uuid4().hex[:6]}.csv"
        path.write_text("\n".join(["email,description", *lines, ""]))
        return path


class Site:
    """A running installation; made by `running`."""

    def __init__(
        self,
        installation: Installation,
        http: httpx2.AsyncClient,
        tables: asyncpg.Connection,
        log: LogReader,
    ) -> None:
        self.installation = installation
        self.person = Person(installation)
        self.http = http
        self.tables = tables
        self.log = log
        self.given: list[Given] = []
        self._arrays = True

    @property
    def folder(self) -> Path:
        """Where a test may leave files."""
        return self.installation.folder

    async def course(self, *, managers: Sequence[str] = (), owners: Sequence[str] = ()) -> Course:
        """Publish a new project, as whoever owns the projects would, and wait until everybody knows it."""
        today = datetime.now(UTC).date()
        project_id = uuid4()
        slug = f"course-{project_id.hex[:12]}"
        project = CourseProject(
            project_id=project_id,
            name=f"Course {slug}",
            slug=slug,
            start_date=today,
            end_date=today + timedelta(days=30),
            managers=tuple(managers),
            owners=tuple(owners),
        )
        [(_, offset)] = await self.publish(
            PROJECTS, encode_project(project, source="test", time=datetime.now(UTC))
        )

        async def known() -> bool:
            read = await self.tables.fetch(
                "SELECT next_offset FROM importer.positions WHERE topic = $1 "
                "UNION ALL SELECT next_offset FROM projector.positions WHERE topic = $1",
                PROJECTS,
            )
            return len(read) == 2 and all(row["next_offset"] > offset for row in read)

        await until(known, "the new project to be known")
        return Course(project_id, slug)

    async def publish(self, topic: str, *records: Sequence[Any]) -> list[tuple[int, int]]:
        """Write raw records; where they lie, as (partition, offset)."""
        producer = LogProducer(bootstrap=self.installation.ready["kafka"], client_id="test")
        async with producer:
            confirmed = await producer.publish(topic, [Message(*record) for record in records])
        return [(where.partition, where.offset) for where in confirmed]

    async def begin_import(self, course: Course, file: Path) -> tuple[Command, str]:
        """Start an import at the command line; the command and the id of the import, once it is submitted."""
        command = await self.person.begin_import(file, course.project_id.hex)
        return command, await self.submitted(command, course, file)

    async def submitted(self, command: Command, course: Course, file: Path) -> str:
        """Wait until the import that `command` makes is submitted, and remember what was given; its id."""
        import_id: str = (await command.first())["uuid"]
        content = await asyncio.to_thread(file.read_text)
        self.given.append(Given.read(content, import_id=UUID(import_id), project_id=course.project_id))
        return import_id

    async def import_file(self, course: Course, file: Path) -> Ended:
        """Import a file at the command line, to the end."""
        command, _ = await self.begin_import(course, file)
        return await command.end()

    async def status(self, import_id: str) -> dict[str, Any]:
        """The status of an import. Its equation is checked with every answer."""
        answer = await self.http.get(f"/api/course-imports/{import_id}/")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        check_equation(found)
        return found

    async def progress(self, import_id: str, rows: int) -> int:
        """Wait until so many rows have an account, and not all; how many there are."""
        seen = 0

        async def enough() -> bool:
            nonlocal seen
            answer = await self.http.get(f"/api/course-imports/{import_id}/")
            if answer.status_code != 200:  # not visible yet
                return False
            check_equation(answer.json())
            counts = answer.json()["counts"]
            seen = counts["created"]
            assert seen < counts["rows"], "the import was over before it could be disturbed"
            return seen >= rows

        await until(enough, f"{rows} accounts", within_s=60)
        return seen

    async def pace(self, calls_per_second: float | None) -> None:
        """Let the account service be called so many times a second; None: without limit.

        A provisioner that was killed a moment ago is waited for.
        """

        async def taken() -> bool:
            answer = await self.http.patch("/api/target/", json={"rate": calls_per_second})
            assert answer.status_code in (200, 502, 503), answer.text
            return answer.status_code == 200

        await until(taken, "the rate to be taken")

    async def faults(self, **changes: object) -> None:
        """Make the account service misbehave; none named: it behaves."""
        await self._control("PUT", "faults", changes)
        arrays = bool(changes.get("arrays", True))
        if arrays is not self._arrays:
            await self.expire_tokens()  # what it can do it says beside a token
            self._arrays = arrays

    async def expire_tokens(self) -> None:
        """Take every access token back that the account service has given out."""
        await self._control("POST", "expire-tokens", {})

    async def _control(self, method: str, what: str, body: Mapping[str, object]) -> None:
        base = self.installation.ready["account_service"].removesuffix("/accounts")
        token = ensure_keys(self.installation.data_dir).control_token
        async with httpx2.AsyncClient(timeout=_TIMEOUT_S) as http:
            answer = await http.request(
                method, f"{base}/control/{what}", headers={"Authorization": f"Bearer {token}"}, json=body
            )
        assert answer.status_code == 200, answer.text

    async def drained(self) -> None:
        """Wait until nobody has anything left to do."""
        why = ""

        async def nothing_left() -> bool:
            nonlocal why
            why = await tables.behind(self.tables, await self.log.ends())
            return not why

        try:
            await until(nothing_left, "everybody to be done", within_s=60)
        except AssertionError as error:
            raise AssertionError(f"{error}: {why}") from None

    async def evidence(self, course: Course) -> Evidence:
        """What happened in a course."""
        given = [one for one in self.given if one.project_id == course.project_id]
        effects = journal.read(self.installation.journal)
        return of_project(course.project_id, course.slug, given, await self.log.dump(), effects)

    async def check(self, course: Course) -> Evidence:
        """Let everything come to rest, then hold every invariant against it."""
        await self.drained()
        evidence = await self.evidence(course)
        broken = [
            f"{invariant.__name__}: {sentence}"
            for invariant in INVARIANTS
            for sentence in invariant(evidence)
        ]
        shown, positions = await tables.read_models(self.tables)
        log = await self.log.dump()
        broken += [f"read models: {sentence}" for sentence in differences(shown, fold(log, positions))]
        accounts = await tables.provisioned(self.tables)
        broken += [f"provisioner: {sentence}" for sentence in provisioner_differences(accounts, log)]
        assert not broken, f"{len(broken)} violations:\n" + "\n".join(broken[:20])
        return evidence


def check_equation(status: Mapping[str, Any]) -> None:
    """The equation of the contract: rows are the sum of all classes, exactly, in every answer."""
    counts = status["counts"]
    assert set(counts) == {"rows", *CLASSES}
    assert counts["rows"] == sum(counts[name] for name in CLASSES), counts
    assert min(counts.values()) >= 0, counts


@asynccontextmanager
async def running(
    folder: Path,
    warden: Reaper,
    *options: str,
    env: Mapping[str, str] | None = None,
    failing: bool = False,
    changed: bool = False,
) -> AsyncIterator[Site]:
    """Start an installation in `folder`, stop it at the end; arguments as those of `Installation`."""
    installation = Installation(folder, warden, *options, env=env, failing=failing, changed=changed)
    try:
        await installation.start()
        async with at(installation) as site:
            yield site
    finally:
        await installation.stop()


@asynccontextmanager
async def at(installation: Installation) -> AsyncIterator[Site]:
    """A site at an installation that runs."""
    ready = installation.ready
    connection = await asyncpg.connect(ready["postgres"])
    headers = {"Authorization": f"Token {ready['token']}"}
    try:
        async with (
            httpx2.AsyncClient(base_url=ready["url"], headers=headers, timeout=_TIMEOUT_S) as http,
            log_reader(ready["kafka"]) as log,
        ):
            site = Site(installation, http, connection, log)
            yield site
    finally:
        await asyncio.wait_for(connection.close(), 10)
