"""An importer in this process, over real Kafka and Postgres, with small stand-ins for the other two services."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
from aiokafka import AIOKafkaConsumer
from aiokafka import TopicPartition as KafkaPartition

from schemas.codec import Event, decode, encode_project
from schemas.facts import AccountRequested
from schemas.projects import CourseProject, Customer
from services.common.access import new_token
from services.common.access.tokens import add_token
from services.common.database import open_pool
from services.common.producer import LogProducer
from services.common.records import Message
from services.importer.bootstrap import Importer, bootstrap
from services.importer.drafts.existing import Unknown
from services.importer.settings import ImporterSettings

LOG_PARTITIONS = 3
TODAY = date(2026, 11, 23)
COURSE = CourseProject(
    project_id=UUID(int=1),
    name="Algebra",
    slug="algebra",
    end_date=TODAY + timedelta(days=30),
    customer=Customer(customer_id=UUID(int=9), name="University of Examples"),
    managers=("mari",),
    owners=("oskar",),
)
ENDS_TODAY = CourseProject(
    project_id=UUID(int=2), name="Botany", slug="botany", end_date=TODAY, managers=("sven",)
)
ENDED = CourseProject(
    project_id=UUID(int=3), name="Chemistry", slug="chemistry", end_date=TODAY - timedelta(days=1)
)
ENDLESS = CourseProject(project_id=UUID(int=4), name="Drawing", slug="drawing")
NO_COURSE = CourseProject(
    project_id=UUID(int=5), name="Economy", slug="economy", kind="other", end_date=TODAY + timedelta(days=30)
)
PROJECTS = (COURSE, ENDS_TODAY, ENDED, ENDLESS, NO_COURSE)


class Clock:
    """A clock that stands still until moved."""

    def __init__(self) -> None:
        self.now = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time."""
        return self.now


@dataclass
class KnownAccounts:
    """Stands for the provisioner: says what it was told about accounts, or cannot be reached."""

    known: dict[UUID, int] = field(default_factory=dict)
    reachable: bool = True

    async def states(self, accounts: bytes) -> bytes:
        """As the provisioner would."""
        if not self.reachable:
            raise Unknown("told to be away")
        ids = (UUID(bytes=accounts[start : start + 16]) for start in range(0, len(accounts), 16))
        return bytes(self.known.get(account, 0) for account in ids)


@dataclass
class View:
    """Stands for the projector: has passed everything, or is behind."""

    behind: bool = False
    listed: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, int, int]] = field(default_factory=list)

    async def passed(self, topic: str, partition: int, offset: int, within_s: float) -> bool:
        """As the projector would."""
        self.asked.append((topic, partition, offset))
        return not self.behind

    async def status(self, import_id: UUID) -> dict[str, Any] | None:
        """It has none: the importer answers from what it knows."""
        return None

    async def accounts(self, account_ids: Sequence[UUID]) -> dict[str, dict[str, Any]]:
        """Those it was told of."""
        found = {account.hex: self.listed.get(account.hex) for account in account_ids}
        return {uuid: account for uuid, account in found.items() if account is not None}


@dataclass(frozen=True)
class Site:
    """Topics and a database that only one test uses."""

    kafka: str
    dsn: str
    admin_dsn: str
    log: str
    projects: str
    staff: str
    member: str

    def settings(self, **changes: Any) -> ImporterSettings:
        """Settings of an importer of this site."""
        values: dict[str, Any] = {
            "kafka": self.kafka,
            "postgres": self.dsn,
            "internal_token": "internal-token-of-tests",
            "provisioner_url": "http://127.0.0.1:9",
            "projector_url": "http://127.0.0.1:9",
            "log_topic": self.log,
            "projects_topic": self.projects,
            "requests_topic": "",
            "group": f"importer.{self.projects}",
            **changes,
        }
        return ImporterSettings(**values)

    async def events(self) -> list[tuple[int, int, Event]]:
        """All that lies on the log now: (partition, offset, event), by partition and offset."""
        return [
            (raw.partition, raw.offset, decode(raw.headers, raw.value))
            for raw in await read_all(self.kafka, self.log)
        ]


@dataclass(frozen=True)
class Running:
    """An importer, and a client signed in as staff."""

    service: Importer
    client: httpx2.AsyncClient

    async def upload(
        self, data: bytes, project: UUID = COURSE.project_id, name: str = "list.csv"
    ) -> httpx2.Response:
        """Upload as a browser does."""
        return await self.client.post(
            "/api/import-drafts/", files={"file": (name, data, "text/csv")}, data={"project": project.hex}
        )

    async def preview(self, data: bytes) -> dict[str, Any]:
        """Upload, wait until the file is read, and return the draft."""
        answer = await self.upload(data)
        assert answer.status_code in (201, 202), answer.text

        async def read() -> dict[str, Any] | None:
            draft = await self.draft(answer.json()["uuid"])
            return None if draft["state"] == "reading" else draft

        return await until(read)

    async def draft(self, uuid: str) -> dict[str, Any]:
        """A draft as it is now."""
        answer = await self.client.get(f"/api/import-drafts/{uuid}/")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def submit(self, draft: Mapping[str, Any], key: str | None = None, **body: Any) -> httpx2.Response:
        """Submit what was previewed."""
        return await self.client.post(
            f"/api/import-drafts/{draft['uuid']}/submit/",
            json={"preview_hash": draft["preview_hash"], **body},
            headers={} if key is None else {"Idempotency-Key": key},
        )


@asynccontextmanager
async def running(site: Site, **overrides: Any) -> AsyncIterator[Running]:
    """An importer that is ready, in this process."""
    changes = overrides.pop("changes", {})
    overrides.setdefault("clock", Clock())
    overrides.setdefault("existing", KnownAccounts())
    overrides.setdefault("read_model", View())
    async with (
        bootstrap(site.settings(**changes), **overrides) as service,
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(service.asgi),
            base_url="http://importer",
            headers={"Authorization": f"Token {site.staff}"},
            timeout=30,
        ) as client,
    ):

        async def ready() -> bool:
            return (await client.get("/readyz")).status_code == 200

        await until(ready)
        yield Running(service, client)


async def make_site(kafka: str, dsn: str, admin_dsn: str, log: str, projects: str) -> Site:
    """Tokens and projects in place."""
    site = Site(kafka, dsn, admin_dsn, log, projects, staff=new_token(), member=new_token())
    pool = await open_pool(admin_dsn, name="tests", size=1)
    async with pool:
        await add_token(pool, site.staff, user_id="staff", staff=True)
        await add_token(pool, site.member, user_id="member", staff=False)
    await publish_projects(site, PROJECTS)
    return site


async def publish_projects(site: Site, projects: Sequence[CourseProject]) -> None:
    """Put projects on their topic, as their owner would."""
    encoded = [encode_project(project, source="tests", time=datetime.now(UTC)) for project in projects]
    async with LogProducer(bootstrap=site.kafka, client_id="tests") as producer:
        await producer.publish(site.projects, [Message(one.key, one.value, one.headers) for one in encoded])


async def read_all(kafka: str, topic: str, *, partitions: int = LOG_PARTITIONS) -> list[Any]:
    """Raw records of a topic up to its present end, by partition and offset."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False)
    await consumer.start()
    try:
        places = [KafkaPartition(topic, number) for number in range(partitions)]
        consumer.assign(places)
        for place in places:
            consumer.seek(place, 0)
        ends = await consumer.end_offsets(places)
        found: list[Any] = []
        while len(found) < sum(ends.values()):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found += records
        return sorted(found, key=lambda record: (record.partition, record.offset))
    finally:
        await consumer.stop()


def requested_rows(events: Sequence[tuple[int, int, Event]]) -> list[int]:
    """Row numbers of all AccountRequested, repeated ones included."""
    return [event.fact.claim.row for _, _, event in events if isinstance(event.fact, AccountRequested)]


async def until(look: Callable[[], Awaitable[Any]], within_s: float = 20.0) -> Any:
    """Look until there is something true to see."""
    async with asyncio.timeout(within_s):
        while not (seen := await look()):
            await asyncio.sleep(0.02)
        return seen


def people(count: int, start: int = 0) -> bytes:
    """A file of this many different addresses."""
    lines = [f"person{n}@example.org,Group {n % 7}" for n in range(start, start + count)]
    return "\n".join(["email,description", *lines]).encode()


def any_id() -> str:
    """An id nobody knows."""
    return uuid4().hex
