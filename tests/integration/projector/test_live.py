"""The projector on a real log: reads on, shares partitions, parks, says how old it is."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from schemas import codec
from schemas.projects import CourseProject
from services.common.access.tokens import add_token
from services.common.database import Pool
from services.common.producer import LogProducer
from services.common.records import LogDamaged, Message
from services.projector.bootstrap import Projector, bootstrap
from services.projector.settings import ProjectorSettings
from tests.integration.projector.support import INTERNAL, STAFF
from tests.support.log import Log
from tests.support.topics import Topics
from tests.support.way_out import way_out
from tests.unit.projector.stories import PROJECT, Story, claim, import_of

if TYPE_CHECKING:
    from deploy.provisioning.database import Provisioned

Start = Callable[..., AbstractAsyncContextManager[Projector]]
STATUS = f"/api/course-imports/{import_of('a').hex}/"
_WITHIN_S = 30.0


@pytest.fixture
async def log(kafka_bootstrap: str, topic_factory: Topics) -> Log:
    """A log of twelve partitions."""
    return Log(kafka_bootstrap, await topic_factory(12, name="log"))


@pytest.fixture
async def projects(kafka_bootstrap: str, topic_factory: Topics) -> Log:
    """A projects topic."""
    topic = await topic_factory(1, name="projects", config={"cleanup.policy": "compact"})
    return Log(kafka_bootstrap, topic)


@pytest.fixture
def start(log: Log, projects: Log, service_database: "Provisioned") -> Start:
    """Starts a projector; again for another copy."""
    settings = ProjectorSettings(
        kafka=log.bootstrap,
        postgres=service_database.services["projector"],
        internal_token=INTERNAL,
        log_topic=log.topic,
        projects_topic=projects.topic,
        group=f"group.{log.topic}",
        pool_size=2,
    )
    return lambda **changes: bootstrap(settings.model_copy(update=changes))


@asynccontextmanager
async def http(projector: Projector, admin: Pool) -> AsyncIterator[httpx2.AsyncClient]:
    """A staff member's client."""
    await add_token(admin, STAFF, user_id="staff", staff=True)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=projector.asgi),
        base_url="http://front.example",
        headers={"Authorization": f"Token {STAFF}"},
    ) as client:
        yield client


async def until(enough: Callable[[], Awaitable[Any]]) -> Any:
    """Ask again and again until the answer is enough."""
    deadline = time.monotonic() + _WITHIN_S
    while not (answer := await enough()):
        assert time.monotonic() < deadline, "it never came"
        await asyncio.sleep(0.02)
    return answer


async def finished(client: httpx2.AsyncClient) -> Any:
    """The status of the import once it is finished."""
    answer = await client.get(STATUS)
    return answer.status_code == 200 and answer.json()["state"] == "finished" and answer.json()


def a_course(rows: int) -> Story:
    """An import of `rows` accounts, all created."""
    story = Story().accepted("a", rows)
    for row in range(1, rows + 1):
        story.requested("a", row, f"p{row}")
    for row in range(1, rows + 1):
        story.created(f"p{row}", claim("a", row))
    return story


async def test_what_is_on_the_log_is_in_the_answers(
    start: Start, log: Log, projects: Log, admin: Pool
) -> None:
    """Facts and projects; ready, fresh, and a poisoned record in between does no harm."""
    facts = [fact for _, fact in a_course(40).facts]
    poison = codec.encode(facts[0], source="test", time=datetime.now(UTC))._replace(value=b"\xff")
    await log.publish(facts[:20])
    await log.publish_raw([poison])
    project = CourseProject(project_id=PROJECT.project_id, name="P", slug="p")
    await projects.publish_raw([codec.encode_project(project, source="test", time=datetime.now(UTC))])
    async with start() as projector, http(projector, admin) as client:
        await log.publish(facts[20:])
        status = await until(lambda: finished(client))
        assert status["counts"]["created"] == status["counts"]["rows"] == 40
        assert (await client.get("/readyz")).status_code == 200
        await projector.check_progress()
        listed = await until(lambda: results(client, "/api/course-projects/"))
        assert listed[0]["name"] == "P"

        async def fresh() -> bool:
            age = (await client.get(STATUS)).json()["as_of_age"]
            return age is not None and age < 5

        await until(fresh)

        async def level() -> bool:
            models = (await client.get("/api/read-models/")).json()["results"]
            measured = (await client.get("/metrics")).text
            return all(
                model["records_ahead"] == 0
                and f'oldest_unprocessed_seconds{{model="{model["name"]}"}} 0.0' in measured
                for model in models
            )

        await until(level)
        metrics = (await client.get("/metrics")).text
    assert 'course_accounts_projector_parked_total{code="BAD_FACT"' in metrics
    assert await admin.fetchval("SELECT count(*) FROM projector.parked") == 1


async def results(client: httpx2.AsyncClient, path: str) -> Any:
    """What a list holds."""
    return (await client.get(path)).json()["results"]


async def test_two_copies_share_the_log_and_either_answers(start: Start, log: Log, admin: Pool) -> None:
    """Each reads its partitions; when one stops in the middle the other goes on from its positions."""
    facts = [fact for _, fact in a_course(200).facts]
    async with start() as first, http(first, admin) as client:
        async with start() as second:

            async def shared() -> bool:
                return bool(first.consumer.ready and second.consumer.ready and second.consumer.partitions)

            await until(shared)
            await log.publish(facts[:150])
        await log.publish(facts[150:])
        status = await until(lambda: finished(client))
    assert status["counts"]["created"] == 200
    assert status["version"] == len(facts)


async def test_a_write_can_be_awaited(start: Start, log: Log, admin: Pool) -> None:
    """Confirmed on the log at an offset, then passed within the wait."""
    (fact,) = [fact for _, fact in Story().accepted("a", 0).facts]
    encoded = codec.encode(fact, source="test", time=datetime.now(UTC))
    async with start() as projector, http(projector, admin) as client:
        async with LogProducer(bootstrap=log.bootstrap, client_id="test") as producer:
            (confirmed,) = await producer.publish(log.topic, [Message(*encoded)])
        place: dict[str, Any] = {
            "topic": log.topic,
            "partition": confirmed.partition,
            "offset": confirmed.offset,
            "wait": 5,
        }

        async def passed() -> bool:
            internal = {"Authorization": f"Bearer {INTERNAL}"}
            return (await client.get("/internal/passed", params=place, headers=internal)).status_code == 200

        await until(passed)
        assert (await client.get(STATUS)).json()["state"] == "finished"


async def test_a_log_made_anew_is_not_read(
    start: Start, log: Log, admin: Pool, topic_factory: Topics
) -> None:
    """Longer than the one before: the process says so, and the tables stay; after what the page says it is read."""
    await log.publish([fact for _, fact in a_course(5).facts])
    async with start() as projector, http(projector, admin) as client:
        await until(lambda: finished(client))
    await topic_factory.again(log.topic, 12)
    await log.publish([fact for _, fact in a_course(40).facts])
    async with start() as projector, http(projector, admin) as client:
        reason = await projector.tasks.fatal()
        assert isinstance(reason, LogDamaged)
        assert "course-accounts restore" in str(reason)
        assert (await client.get("/readyz")).status_code == 503
        assert (await client.get(STATUS)).json()["counts"]["rows"] == 5
    await admin.execute(way_out("projector"))
    async with start(rebuild_outdated=True) as projector, http(projector, admin) as client:
        status = await until(lambda: finished(client))
        assert status["counts"]["created"] == status["counts"]["rows"] == 40
