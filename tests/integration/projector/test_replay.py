"""Sets built again on a real log: compared, swapped, gone back from, dropped; and what readers see meanwhile."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import httpx2
import pytest
from aiokafka import AIOKafkaProducer

from schemas import codec
from schemas.projects import CourseProject
from services.common.access.tokens import add_token
from services.common.database import Pool, open_pool
from services.common.records import Record, TopicPartition
from services.projector.bootstrap import Projector, bootstrap
from services.projector.core.board import Board
from services.projector.core.handler import ReadModels
from services.projector.registry import EDITIONS, READ_MODELS
from services.projector.replay import store
from services.projector.replay.handover import sweep
from services.projector.replay.model import Kind, State
from services.projector.replay.reading import LogReader
from services.projector.replay.task import Task
from services.projector.replay.worker import work
from services.projector.sets.catalog import known_sets
from services.projector.sets.feeding import OneFeed
from services.projector.settings import ProjectorSettings
from tests.integration.projector.support import GUEST, INTERNAL, STAFF
from tests.support.log import Log
from tests.support.topics import Topics
from tests.support.waiting import until
from tests.unit.projector.stories import PROJECT, Story, claim, import_of

if TYPE_CHECKING:
    from deploy.provisioning.database import Provisioned

STATUS = f"/api/course-imports/{import_of('a').hex}/"
Start = Callable[[], AbstractAsyncContextManager[Projector]]


@pytest.fixture
async def log(kafka_bootstrap: str, topic_factory: Topics) -> Log:
    """A log of twelve partitions."""
    return Log(kafka_bootstrap, await topic_factory(12, name="log"))


@pytest.fixture
async def settings(
    log: Log, kafka_bootstrap: str, topic_factory: Topics, service_database: "Provisioned"
) -> ProjectorSettings:
    """Of a projector on this log."""
    projects = await topic_factory(1, name="projects", config={"cleanup.policy": "compact"})
    return ProjectorSettings(
        kafka=kafka_bootstrap,
        postgres=service_database.services["projector"],
        internal_token=INTERNAL,
        log_topic=log.topic,
        projects_topic=projects,
        group=f"group.{log.topic}",
        pool_size=2,
    )


@asynccontextmanager
async def client_of(projector: Projector, admin: Pool) -> AsyncIterator[httpx2.AsyncClient]:
    """A staff member's client."""
    await add_token(admin, STAFF, user_id="staff", staff=True)
    await add_token(admin, GUEST, user_id="guest", staff=False)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=projector.asgi),
        base_url="http://front.example",
        headers={"Authorization": f"Token {STAFF}"},
    ) as client:
        yield client


class Desk:
    """An operator at a projector that runs."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self.http = http

    async def ask(self, **wanted: Any) -> str:
        """A replay's id."""
        answer = await self.http.post("/api/replays/", json=wanted)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["uuid"])

    async def one(self, replay: str) -> dict[str, Any]:
        """A replay."""
        return dict((await self.http.get(f"/api/replays/{replay}/")).json())

    async def over(self, replay: str) -> dict[str, Any]:
        """The replay once nobody works on it."""

        async def is_over() -> bool:
            return (await self.one(replay))["state"] not in ("queued", "building", "comparing")

        await until(is_over, "the replay", within_s=60)
        return await self.one(replay)

    async def tell(self, replay: str, command: str, **body: Any) -> dict[str, Any]:
        """Give a command; again where the sets are not as far yet."""
        while True:
            answer = await self.http.post(f"/api/replays/{replay}/{command}/", json=body)
            if answer.status_code == 409 and answer.json()["code"] in ("SET_NOT_READY", "NOT_COMPARABLE"):
                await asyncio.sleep(0.05)
                continue
            assert answer.status_code == 200, answer.text
            return dict(answer.json())

    async def sets(self) -> dict[str, str]:
        """State of each set."""
        found = (await self.http.get("/api/replays/")).json()["sets"]
        return {one["set"]: "active" if one["active"] else one["state"] for one in found}


@pytest.fixture
async def desk(settings: ProjectorSettings, admin: Pool) -> AsyncIterator[Desk]:
    """An operator at a projector."""
    async with AsyncExitStack() as stack:
        projector = await stack.enter_async_context(bootstrap(settings))
        yield Desk(await stack.enter_async_context(client_of(projector, admin)))


def course(name: str, rows: int) -> Story:
    """An import of `rows` accounts, all asked for."""
    story = Story().accepted(name, rows)
    for row in range(1, rows + 1):
        story.requested(name, row, f"{name}{row}")
    return story


def outcomes(name: str, rows: int) -> Story:
    """What became of them: a tenth failed."""
    story = Story()
    for row in range(1, rows + 1):
        of = claim(name, row)
        story.failed(f"{name}{row}", of) if row % 10 == 0 else story.created(f"{name}{row}", of)
    return story


async def publish(log: Log, story: Story) -> None:
    """Put a story on the log."""
    await log.publish([fact for _, fact in story.facts])


async def created(desk: Desk, number: int) -> None:
    """Wait until the status shows so many."""

    async def shown() -> bool:
        answer = await desk.http.get(STATUS)
        return answer.status_code == 200 and answer.json()["counts"]["created"] == number

    await until(shown, f"{number} created")


async def test_a_set_is_built_compared_swapped_and_dropped_while_an_import_runs(desk: Desk, log: Log) -> None:
    """Equal to the one in use; a poller sees no error and no step back; the way back works, too."""
    await publish(log, course("a", 100))
    seen: list[int] = []
    over = asyncio.Event()

    async def poll() -> None:
        while not over.is_set():
            answer = await desk.http.get(STATUS)
            assert answer.status_code in (200, 404), answer.text
            if answer.status_code == 200:
                counts = answer.json()["counts"]
                assert counts.pop("rows") == sum(counts.values())
                seen.append(answer.json()["version"])
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        group.create_task(poll())
        replay = await desk.ask(kind="build", reason="to see that it works")
        facts = [fact for _, fact in outcomes("a", 100).facts]
        for start in range(0, 100, 10):
            await log.publish(facts[start : start + 10])
        warm = await desk.over(replay)
        assert (warm["state"], warm["equal"], warm["commands"]) == (
            "warm",
            True,
            ["compare", "swap", "clean-up"],
        )
        assert warm["done"] == warm["total"] > 0
        assert (await desk.tell(replay, "swap"))["state"] == "swapped"
        assert await desk.sets() == {"projector": "fed", warm["set"]: "active"}
        await created(desk, 90)
        assert (await desk.tell(replay, "compare"))["equal"]
        assert (await desk.tell(replay, "roll-back"))["state"] == "warm"
        assert (await desk.tell(replay, "swap"))["state"] == "swapped"
        assert (await desk.tell(replay, "clean-up"))["state"] == "done"
        over.set()
    assert seen == sorted(seen)
    assert len(seen) > 10

    async def dropped() -> bool:
        return await desk.sets() == {warm["set"]: "active"}

    await until(dropped, "the old set to be dropped")
    await publish(log, course("b", 5))
    path = f"/api/course-imports/{import_of('b').hex}/"

    async def goes_on() -> bool:
        return (await desk.http.get(path)).status_code == 200

    await until(goes_on, "the new set to be fed alone")
    actions = [action["action"] for action in (await desk.one(replay))["actions"]]
    assert actions == ["asked", "swapped", "rolled back", "swapped", "cleaned up"]


async def test_verify_names_the_cell_that_was_changed_by_hand(desk: Desk, log: Log, admin: Pool) -> None:
    """Equal before; after a change in SQL it says table, row, column and both values; its own tables are dropped."""
    await publish(log, course("a", 20))
    await publish(log, outcomes("a", 20))
    await created(desk, 18)
    fine = await desk.over(await desk.ask(kind="verify"))
    assert (fine["state"], fine["equal"]) == ("done", True)
    account = await admin.fetchval(
        "UPDATE projector.accounts SET attempts = attempts + 1 "
        "WHERE email = (SELECT max(email) FROM projector.accounts) RETURNING account_id"
    )
    found = await desk.over(await desk.ask(kind="verify"))
    assert (found["state"], found["equal"]) == ("done", False)
    (table,) = [table for table in found["comparison"]["tables"] if not table["equal"]]
    assert (table["table"], table["differing"]) == ("accounts", 1)
    (row,) = table["first"]
    assert UUID(row["key"]["account_id"]) == account
    assert [cell["column"] for cell in row["cells"]] == ["attempts"]

    async def alone() -> bool:
        return await desk.sets() == {"projector": "active"}

    await until(alone, "the tables of verify to be dropped")


async def test_the_past_of_one_course_can_be_asked(desk: Desk, log: Log) -> None:
    """A scratch set ends where it is told, holds one project only, and answers beside the one in use."""
    await publish(log, course("a", 10))
    ((_, elsewhere),) = Story().accepted("other", 3).facts
    another = replace(PROJECT, project_id=import_of("another"))
    await log.publish([replace(elsewhere, project=another)])  # type: ignore[call-arg]
    await created(desk, 0)
    then = datetime.now(UTC)
    await publish(log, outcomes("a", 10))
    await created(desk, 9)
    replay = await desk.over(
        await desk.ask(kind="scratch", **{"import": str(import_of("a"))}, until=then.isoformat())
    )
    assert replay["state"] == "done", replay
    assert replay["until_offsets"]
    past = {"Read-Model-Set": replay["set"]}
    status = (await desk.http.get(STATUS, headers=past)).json()
    assert (status["counts"]["rows"], status["counts"]["created"], status["counts"]["pending"]) == (10, 0, 10)
    listed = (await desk.http.get("/api/course-imports/", headers=past)).json()["results"]
    assert [one["uuid"] for one in listed] == [import_of("a").hex]
    guest = {"Authorization": f"Token {GUEST}"}
    refused = await desk.http.get("/api/course-imports/", headers=past | guest)
    allowed = await desk.http.get("/api/course-imports/", headers=guest)
    assert (refused.status_code, allowed.status_code) == (403, 200)
    unknown = await desk.http.get(STATUS, headers={"Read-Model-Set": "projector_9"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "SET_UNKNOWN")
    assert (await desk.http.get(STATUS)).json()["counts"]["created"] == 9


async def test_a_cancelled_replay_leaves_nothing_behind(desk: Desk, log: Log) -> None:
    """Its tables go; commands that make no sense then are refused with the ones that do."""
    await publish(log, course("a", 10))
    await created(desk, 0)
    replay = await desk.ask(kind="build")
    answer = await desk.http.post(f"/api/replays/{replay}/cancel/")
    assert answer.status_code in (200, 409)
    if answer.status_code == 409:  # it was faster
        await desk.tell(replay, "clean-up")

    async def alone() -> bool:
        return await desk.sets() == {"projector": "active"}

    await until(alone, "the tables to be dropped")
    refused = await desk.http.post(f"/api/replays/{replay}/swap/")
    assert (refused.status_code, refused.json()["code"]) == (409, "REPLAY_STATE")


async def test_bad_wishes_are_refused(desk: Desk) -> None:
    """With a code and a sentence each."""
    for body, status, code in (
        ({"kind": "nonsense"}, 400, "BODY_INVALID"),
        ({"kind": "build", "until": "2026-01-01T00:00:00Z"}, 400, "INVALID_REQUEST"),
        ({"kind": "scratch", "until": "2026-01-01T00:00:00"}, 400, "INVALID_REQUEST"),
        ({"kind": "build", "edition": "unheard-of"}, 400, "EDITION_UNKNOWN"),
        ({"kind": "scratch", "import": str(import_of("nobody"))}, 404, "NOT_FOUND"),
    ):
        answer = await desk.http.post("/api/replays/", json=body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert (await desk.http.get("/api/replays/nonsense/")).status_code == 404
    assert json.loads((await desk.http.get("/api/replays/")).text)["results"] == []


async def test_projects_that_compaction_took_away_are_no_gap(
    pool: Pool, kafka_bootstrap: str, topic_factory: Topics
) -> None:
    """Nothing may lie just before the end: the reader sees that, and the position moves all the same.

    A transaction leaves such a hole, where its end is marked; compaction takes too long to wait for.
    """
    topic = await topic_factory(1, name="projects", config={"cleanup.policy": "compact"})
    described = CourseProject(project_id=PROJECT.project_id, name="P", slug="p")
    encoded = codec.encode_project(described, source="test", time=datetime.now(UTC))
    async with AIOKafkaProducer(bootstrap_servers=kafka_bootstrap, transactional_id=topic) as producer:
        for _ in range(2):
            async with producer.transaction():
                await producer.send_and_wait(
                    topic, encoded.value, key=encoded.key, headers=list(encoded.headers)
                )
    here = TopicPartition(topic, 0)
    reader = LogReader(kafka_bootstrap, [topic], sparse=[topic])
    handler = ReadModels(
        pool,
        OneFeed("projector", READ_MODELS),
        projects_topic=topic,
        board=Board(),
        clock=lambda: datetime.now(UTC),
    )
    await reader.start()
    try:
        await reader.seek(await handler.positions([here]))
        read: list[Record] = []
        while not reader.done({here: 2}):
            read += await reader.read({here: 2}, most=10)
    finally:
        await reader.stop()
    assert [record.offset for record in read] == [0]
    await handler.handle(read)
    await handler.pass_over({here: 2})
    assert await handler.positions([here]) == {here: 2}


async def test_a_replay_beside_a_set_of_an_unknown_edition_fails_with_a_sentence(
    settings: ProjectorSettings, log: Log, admin: Pool
) -> None:
    """It cannot be compared: that is said, and no process stops loudly."""
    async with bootstrap(settings) as projector, client_of(projector, admin) as http:
        await publish(log, course("a", 3))
        await created(Desk(http), 0)
    dsn = settings.postgres.get_secret_value()
    async with await open_pool(dsn, name="test", size=4, schema=settings.tables) as pool:
        await pool.execute("UPDATE projector_control.sets SET edition = 'former'")
        replay, worker, now = uuid4(), uuid4(), datetime.now(UTC)
        await store.add(
            pool, replay, Kind.BUILD, edition="current", project_id=None, author="staff", reason="", now=now,
            until_time=None, until_offsets=None,
        )  # fmt: skip
        assert await store.claim(pool, worker, now=now)
        await work(Task(pool, settings, EDITIONS, worker, lambda: datetime.now(UTC)), replay)
        found = await store.one(pool, replay)
        assert found is not None
        assert (found.state, found.code) == (State.FAILED, "EDITION_UNKNOWN")
        assert "former" in (found.message or "")


class _Killed(BaseException):
    """The process is gone."""


class _Clock:
    """Tells the time so often, then the process is gone."""

    def __init__(self, left: int) -> None:
        self._left = left

    def __call__(self) -> datetime:
        """Now."""
        self._left -= 1
        if self._left < 0:
            raise _Killed
        return datetime.now(UTC)


@pytest.mark.parametrize("steps", [1, 2, 3, 5, 8])
async def test_a_replay_whose_process_died_is_taken_up_where_it_was(
    settings: ProjectorSettings, log: Log, admin: Pool, steps: int
) -> None:
    """Whichever step was the last: another process goes on in the same set, and finds it equal."""
    async with bootstrap(settings) as projector, client_of(projector, admin) as http:
        await publish(log, course("a", 30))
        await publish(log, outcomes("a", 30))
        await created(Desk(http), 27)
    dsn = settings.postgres.get_secret_value()
    async with await open_pool(dsn, name="test", size=4, schema=settings.tables) as pool:
        replay = uuid4()
        now = datetime.now(UTC)
        await store.add(
            pool, replay, Kind.VERIFY, edition="current", project_id=None, author="staff", reason="", now=now,
            until_time=None, until_offsets=None,
        )  # fmt: skip
        dying, next_one = uuid4(), uuid4()
        assert await store.claim(pool, dying, now=now)
        with pytest.raises((_Killed, BaseExceptionGroup)):
            await work(Task(pool, settings, EDITIONS, dying, _Clock(steps)), replay)
        assert await store.claim(pool, next_one, now=now) is None, "the lease of the dead one holds"
        claimed = await store.claim(pool, next_one, now=now + timedelta(hours=1))
        assert claimed is not None
        assert claimed.attempts == 2
        await work(Task(pool, settings, EDITIONS, next_one, lambda: datetime.now(UTC)), replay)
        found = await store.one(pool, replay)
        assert found is not None
        assert (found.state, found.equal) == (State.DONE, True)
        await sweep(pool)
        assert [known.slot for known in await known_sets(pool)] == ["projector"]
