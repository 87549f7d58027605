"""Following an import: many polls, long polls, and events, over real tables."""

import asyncio
from functools import partial
from typing import Any

import aiohttp
import httpx2
import orjson
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from services.common.database import Pool
from services.projector.core.board import Board
from services.projector.import_progress.lane import StatusLane
from services.projector.import_progress.query import tags
from services.projector.push.watch import Watch
from services.projector.push.wiring import let_followers_go
from tests.integration.projector.a_course import STATUS, A, a_course, equation
from tests.integration.projector.serving import serving
from tests.integration.projector.support import (
    GUEST,
    STAFF,
    application,
    client_of,
    feed,
    reader,
    records,
    take_over,
)
from tests.support.waiting import until
from tests.unit.projector.stories import Story, claim, import_of

EVENTS = f"{STATUS}events/"


async def test_the_short_way_gives_the_answers_of_the_long_one(pool: Pool, admin: Pool) -> None:
    """Byte for byte, in either spelling of the id, with and without an entity tag, for everybody who may ask or not."""
    await feed(pool, records(a_course().facts))
    served = await application(pool, admin)

    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError(f"the long way was taken to {scope['path']}")

    async with client_of(served) as http:
        long = await http.get(STATUS, params={"wait": 0})  # and the token is known from here on
        etag = long.headers["etag"]
        short_only = StatusLane(refuse, served.state.statuses, served.state.authenticator)
        async with client_of(FastAPI()) as over:
            over._transport = httpx2.ASGITransport(app=short_only)
            for path in (STATUS, STATUS.rstrip("/"), f"/api/course-imports/{A}/", f"/api/course-imports/{A}"):
                for held in (
                    {},
                    {"If-None-Match": etag},
                    {"If-None-Match": '"x"'},
                    {"If-None-Match": f'W/{etag}, "y"'},
                ):
                    short, other = (
                        await over.get(path, headers=held),
                        await http.get(f"{path}?wait=0", headers=held),
                    )
                    assert (short.status_code, short.content) == (other.status_code, other.content)
                    assert {*short.headers} == {*other.headers} - {"ratelimit", "ratelimit-policy"}
                    for name in ("etag", "cache-control", "content-type"):
                        assert short.headers.get(name) == other.headers.get(name)
            named = await over.get(STATUS, headers={"X-Request-ID": "my-own-1"})
            assert named.headers["x-request-id"] == "my-own-1"
        for sent, status in (
            (None, 401),
            ("Token none", 401),
            (f"Token {GUEST}", 404),
            (f"Bearer {STAFF}", 200),
        ):
            headers = {} if sent is None else {"Authorization": sent}
            http.headers.pop("authorization", None)
            for _ in range(2):
                assert (await http.get(STATUS, headers=headers)).status_code == status
        http.headers["authorization"] = f"Token {STAFF}"
        assert (await http.get(f"/api/course-imports/{import_of('none')}/")).status_code == 404
        assert (await http.post(STATUS)).status_code == 405


async def test_many_polls_share_few_statements_and_each_reads_what_was_written_before(
    pool: Pool, admin: Pool
) -> None:
    """A hundred at once; a poll that begins after a commit always shows it."""
    story = a_course()
    handler = reader(pool)
    await take_over(handler)
    offsets: dict[int, int] = {}
    await handler.handle(records(story.facts, first=offsets))
    served = await application(pool, admin)
    reads = 0
    read = served.state.statuses._reads._read

    async def counted(import_ids: Any) -> Any:
        nonlocal reads
        reads += 1
        return await read(import_ids)

    served.state.statuses._reads._read = counted
    async with client_of(served) as http:
        await http.get(STATUS)
        reads = 0
        answers = await asyncio.gather(*(http.get(STATUS) for _ in range(100)))
        assert {answer.json()["version"] for answer in answers} == {8}
        assert reads <= 5
        for version in range(9, 14):
            story.retried("cleo", claim("a", 3))
            others = [asyncio.create_task(http.get(STATUS)) for _ in range(20)]
            await handler.handle(records(story.facts[-1:], first=offsets))
            assert (await http.get(STATUS)).json()["version"] == version
            assert all(equation(other.json()) for other in await asyncio.gather(*others))


async def test_a_long_poll_is_answered_by_the_news_it_waits_for(pool: Pool, admin: Pool) -> None:
    """At once when there is some, else when this process or another copy has folded it, else when its time is up."""
    story = a_course()
    board = Board()
    own, other = reader(pool, board), reader(pool)
    await take_over(own)
    offsets: dict[int, int] = {}
    await own.handle(records(story.facts, first=offsets))
    served = await application(pool, admin, board=board)
    async with client_of(served) as http:

        async def ask(**query: float) -> Any:
            return (await http.get(STATUS, params=query)).json()["version"]

        assert await ask(wait=20, since=7) == 8
        assert await ask(wait=20) == 8
        assert await ask(wait=0.05, since=8) == 8
        assert await ask(wait=0.05, since=900) == 8
        for version, handler in ((9, own), (10, other)):
            if handler is other:
                await take_over(other)
            waiting = asyncio.create_task(ask(wait=20, since=version - 1))
            await until(lambda: _is(len(served.state.watch._waiting) == 1), "the poll to wait")
            await handler.handle(records(story.retried("cleo", claim("a", 3)).facts[-1:], first=offsets))
            assert await waiting == version
        waiting = asyncio.create_task(ask(wait=20, since=10))
        await until(lambda: _is(len(served.state.watch._waiting) == 1), "the poll to wait")
        await let_followers_go(served)
        assert await waiting == 10
        for query in ({"wait": 31, "since": 1}, {"wait": 1, "since": -1}, {"wait": "x"}):
            assert (await http.get(STATUS, params=query)).status_code == 400
        unchanged = await http.get(STATUS, headers={"If-None-Match": (await http.get(STATUS)).headers["etag"]},
                                   params={"wait": 0.05, "since": 10})  # fmt: skip
        assert unchanged.status_code == 304


async def test_answers_go_on_while_kafka_is_away(pool: Pool, admin: Pool) -> None:
    """Without a consumer, unready: the status, a long poll and the rows are answered from the tables."""
    await feed(pool, records(a_course().facts))

    async def not_ready() -> None:
        raise ConnectionError("no broker")

    async with client_of(await application(pool, admin, ready={"positions": not_ready})) as http:
        assert (await http.get("/readyz")).status_code == 503
        assert equation((await http.get(STATUS)).json())
        assert (await http.get(STATUS, params={"wait": 0.05, "since": 8})).status_code == 200
        assert len((await http.get(f"{STATUS}rows/")).json()["results"]) == 5


async def test_events_tell_changed_rows_as_the_list_shows_them(pool: Pool, admin: Pool) -> None:
    """The status first; then rows in full and the status they led to; `Last-Event-ID` goes on where that was."""
    story, board = a_course(), Board()
    handler = reader(pool, board)
    await take_over(handler)
    offsets: dict[int, int] = {}
    for record in records(story.facts, first=offsets):
        await handler.handle([record])
    served = await application(pool, admin, board=board)
    async with serving(served) as (url, _), _session() as http:
        async with http.get(f"{url}{EVENTS}") as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            assert (answer.headers["cache-control"], answer.headers["x-accel-buffering"]) == (
                "no-cache",
                "no",
            )
            assert "content-length" not in answer.headers
            name, version, status = await _event(answer)
            assert (name, version, status["counts"]["created"]) == ("status", 8, 1)
            await handler.handle(records(story.created("cleo", claim("a", 3)).facts[-1:], first=offsets))
            name, version, changed = await _event(answer)
            async with http.get(f"{url}{STATUS}rows/3/") as listed:
                assert (name, version, changed) == (
                    "rows", 9, {"version": 9, "many": False, "rows": [await listed.json()]},
                )  # fmt: skip
            name, version, status = await _event(answer)
            assert (name, version, status["state"]) == ("status", 9, "finished")
        for last in ({"headers": {"Last-Event-ID": "8"}}, {"params": {"last_event_id": "8"}}):
            async with http.get(f"{url}{EVENTS}", **last) as answer:
                name, _, changed = await _event(answer)
                assert name == "rows"
                assert changed["many"] or 3 in [row["row"] for row in changed["rows"]]
                assert (await _event(answer))[:2] == ("status", 9)
        async with http.get(f"{url}{EVENTS}", headers={"Last-Event-ID": "what"}) as answer:
            assert (await _event(answer))[:2] == ("reset", 9)
        await until(lambda: _is(len(served.state.hub) == 0), "the streams to be given back")
        async with http.get(f"{url}/api/course-imports/{import_of('none')}/events/") as answer:
            assert answer.status == 404
        async with http.get(f"{url}{EVENTS}", headers={"Authorization": "Token none"}) as answer:
            assert answer.status == 401


async def test_events_and_polls_are_right_while_several_copies_fold_one_import(
    pool: Pool, admin: Pool
) -> None:
    """Two copies fold its partitions, a third serves: no version goes back, no row is missed, the equation holds."""
    people = [f"p{number}" for number in range(1, 61)]
    story = Story().accepted("a", len(people))
    for row, person in enumerate(people, start=1):
        story.requested("a", row, person)
    begun = len(story.facts)
    for row, person in enumerate(people, start=1):
        story.created(person, claim("a", row))
    offsets: dict[int, int] = {}
    first = reader(pool)
    await take_over(first)
    await first.handle(records(story.facts[:begun], first=offsets))
    second = reader(pool)
    await take_over(second)
    rest = records(story.facts[begun:], first=offsets)
    shares = ((first, [r for r in rest if r.partition == 0]), (second, [r for r in rest if r.partition != 0]))
    served = await application(pool, admin)
    served.state.watch = Watch(partial(tags, pool), Board(), look_every_s=0.02, least_gap_s=0)
    served.state.hub._source._watch = served.state.watch

    async def fold(handler: Any, share: Any) -> None:
        for record in share:
            await handler.handle([record])

    async def poll(url: str, http: aiohttp.ClientSession, folding: "asyncio.Future[Any]") -> None:
        last = 0
        while not folding.done():
            async with http.get(f"{url}{STATUS}") as answer:
                status = await answer.json()
            assert equation(status)
            assert status["version"] >= last
            last = status["version"]

    async with serving(served) as (url, _), _session() as http, http.get(f"{url}{EVENTS}") as answer:
        told: set[int] = set()
        last = 0
        folding = asyncio.gather(*(fold(*share) for share in shares))
        polling = asyncio.create_task(poll(url, http, folding))
        while last < len(story.facts):
            name, version, data = await _event(answer)
            assert name in ("status", "rows")
            assert version >= last
            if name == "status":
                assert equation(data)
                last = version
            else:
                told |= {row["row"] for row in data["rows"] if row["class"] == "created"}
        await asyncio.gather(folding, polling)
    assert told == set(range(1, len(people) + 1))


async def test_the_ring_holds_the_newest_changes_and_never_grows(pool: Pool) -> None:
    """It is written over; a reader from before that is told to read again."""
    await pool.execute("ALTER SEQUENCE import_changes_slots MAXVALUE 3")
    story = a_course()
    handler = reader(pool)
    await take_over(handler)
    offsets: dict[int, int] = {}
    for record in records(story.facts, first=offsets):
        await handler.handle([record])
    kept = await pool.fetch("SELECT * FROM import_changes")
    assert len(kept) == 4
    for entry in kept:
        assert entry["version"] == entry["before"] + 1
        assert entry["changed"] == [entry["first_row"]] == [entry["last_row"]]


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(headers={"Authorization": f"Token {STAFF}"})


async def _event(answer: aiohttp.ClientResponse) -> tuple[str, int, Any]:
    """The next event: name, id, data."""
    fields: dict[str, str] = {}
    async with asyncio.timeout(20):
        while True:
            line = (await answer.content.readline()).decode().rstrip("\n")
            name, _, value = line.partition(": ")
            if line:
                fields[name] = value
            elif "data" in fields:
                return fields["event"], int(fields["id"]), orjson.loads(fields["data"])
            else:
                fields = {}


async def _is(condition: bool) -> bool:
    return condition
