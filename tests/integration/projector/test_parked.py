"""Records that no set could be given, redriven: folded once more into every fed set, and marked in all of them."""

from typing import TYPE_CHECKING, Any

import pytest

from schemas import codec
from schemas.facts import AccountRequested
from services.common.database import Pool, transaction
from services.common.records import Record
from services.projector.comparing.compare import Comparing
from services.projector.comparing.sides import same_moment
from services.projector.core.board import Board
from services.projector.core.handler import ReadModels
from services.projector.core.sets import ensure_set
from services.projector.parking import parked_of
from services.projector.registry import EDITIONS, READ_MODELS
from services.projector.sets import catalog
from services.projector.sets.feeding import LiveFeeds, OneFeed
from services.projector.sets.model import SetState
from services.projector.sets.opening import open_sets
from tests.integration.projector.support import NOW, PROJECTS, feed, records, take_over
from tests.support.parked import client
from tests.unit.projector.stories import Story, claim

if TYPE_CHECKING:
    from deploy.provisioning.database import Provisioned

PATH = "/api/parked/projector/"
STRANGE = b"com.example.account-requested"
"""A type that is none of ours."""


@pytest.fixture
async def second(pool: Pool, service_database: "Provisioned") -> str:
    """A second set that is fed beside the one that answers."""
    dsn = service_database.services["projector"]
    await open_sets(pool, dsn, EDITIONS, first_slot="projector", rebuild_outdated=False, clock=lambda: NOW)
    edition = next(iter(EDITIONS))
    async with transaction(pool) as connection:
        slot = await catalog.take_slot(
            connection, edition=edition, replay_id=claim("z", 1).import_id, now=NOW
        )
    await ensure_set(pool, EDITIONS[edition], schema=slot)
    assert await catalog.change_state(pool, slot, SetState.BUILDING, SetState.FED)
    return slot


def poisoned(record: Record) -> Record:
    """The same record, of a type that nobody knows."""
    headers = [(name, STRANGE if name == "ce_type" else value) for name, value in record.headers]
    return record._replace(headers=tuple(headers))


async def test_a_record_is_folded_into_every_fed_set_once_it_can_be_read(
    pool: Pool, admin: Pool, second: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused again it stays; mended it is there once, in both sets, also after a swap; the rest was never held up."""
    story = Story().accepted("a", 2).requested("a", 1, "ann").requested("a", 2, "ben")
    log = records(story.created("ann", claim("a", 1)).facts)
    bad = next(
        n for n, one in enumerate(log) if b"account-requested" in (dict(one.headers)["ce_type"] or b"")
    )
    handler = ReadModels(pool, LiveFeeds(EDITIONS), projects_topic=PROJECTS, board=Board(), clock=lambda: NOW)
    await take_over(handler)
    await handler.handle([*log[:bad], poisoned(log[bad]), *log[bad + 1 :]])
    parked = parked_of(pool, handler.redrive, now=lambda: NOW)

    async def rows(slot: str) -> Any:
        return await pool.fetch(f"SELECT row, ending FROM {slot}.import_rows ORDER BY row")  # noqa: S608

    async def marks() -> list[tuple[str, int]]:
        return [
            tuple(await pool.fetchrow(f"SELECT state, tries FROM {slot}.parked"))  # noqa: S608
            for slot in ("projector", second)
        ]

    async with client(parked.router, pool, admin) as mari:

        async def redriven(**wanted: Any) -> tuple[int, int, int]:
            ordered = await mari.post(f"{PATH}redrive/", json={"all": True, **wanted})
            job_id = await parked.runner.lease()
            if job_id is not None:
                await parked.runner.work(job_id)
            job = (await mari.get(ordered.headers["Location"])).json()
            return job["done"], job["failed"], job["passed"]

        [listed] = (await mari.get(PATH)).json()["results"]
        assert (listed["code"], listed["offset"], listed["event_id"]) == (
            "UNKNOWN_TYPE",
            log[bad].offset,
            dict(log[bad].headers)["ce_id"].decode(),  # type: ignore[union-attr]
        )
        assert await redriven() == (0, 1, 0)
        assert await marks() == [("parked", 1), ("parked", 1)]
        monkeypatch.setitem(codec.FACTS, STRANGE, codec.FACTS[AccountRequested.TYPE.encode()])
        assert await redriven() == (1, 0, 0)
        assert await marks() == [("redriven", 2), ("redriven", 2)]
        assert await redriven(all=False, records=[listed["id"]]) == (0, 0, 1)
        assert await rows("projector") == await rows(second)
        assert [row["row"] for row in await rows(second)] == [1, 2]
        async with transaction(pool) as connection:
            await catalog.point_to(connection, second, now=NOW)
        assert (await mari.get(PATH)).json()["results"] == []
        shown = (await mari.get(f"{PATH}{listed['id']}/")).json()
        assert [past["outcome"] for past in shown["history"]].count("done") == 1
        assert len((await mari.get(f"{PATH}jobs/")).json()["results"]) == 3


async def test_a_set_built_after_a_redrive_is_equal(
    pool: Pool, admin: Pool, second: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It reads what was redriven, and parks again what was dropped: both as the set in use has them."""
    log = records(Story().accepted("a", 2).requested("a", 1, "ann").requested("a", 2, "ben").facts)
    two = [n for n, one in enumerate(log) if b"account-requested" in (dict(one.headers)["ce_type"] or b"")]
    for n in two:
        log[n] = poisoned(log[n])
    log.append(log[two[0]]._replace(partition=9, offset=0, value=b"{", headers=()))
    handler = ReadModels(
        pool, OneFeed("projector", READ_MODELS), projects_topic=PROJECTS, board=Board(), clock=lambda: NOW
    )
    await take_over(handler, partitions=10)
    await handler.handle(log)
    parked = parked_of(pool, handler.redrive, now=lambda: NOW)
    monkeypatch.setitem(codec.FACTS, STRANGE, codec.FACTS[AccountRequested.TYPE.encode()])
    async with client(parked.router, pool, admin) as mari:
        for order, codes in (("redrive", ["UNKNOWN_TYPE"]), ("drop", ["NO_TYPE"])):
            ordered = await mari.post(f"{PATH}{order}/", json={"codes": codes, "reason": "seen"})
            assert ordered.status_code == 202, ordered.text
            job_id = await parked.runner.lease()
            assert job_id is not None
            await parked.runner.work(job_id)
    states = await pool.fetch("SELECT state FROM projector.parked ORDER BY 1")
    assert [row["state"] for row in states] == ["dropped", "redriven", "redriven"]
    await feed(pool, log, slot=second)
    async with same_moment(pool, ("projector", READ_MODELS), (second, READ_MODELS)) as sides:
        found = await Comparing(*sides).run()
    assert [table.name for table in found.tables if not table.equal] == []
    (one,) = [table for table in found.tables if table.name == "parked"]
    assert (one.rows_here, one.rows_there) == (1, 1)


async def test_bytes_are_shown_safely_and_looking_uses_nothing_up(
    pool: Pool, admin: Pool, second: str
) -> None:
    """Text as text, other bytes as base64, no more than a bound of them, as often as one looks; nobody else sees it."""
    one = records(Story().accepted("a", 1).facts)[0]
    strange = [
        one._replace(offset=0, key=b"\xff", value=b"\x1b[31m", headers=((("a"), None), ("b", b"\xc3\xa9"))),
        one._replace(offset=1, key=None, value=b"x" * 100_000, headers=()),
        one._replace(offset=2, value=None),
    ]
    handler = ReadModels(pool, LiveFeeds(EDITIONS), projects_topic=PROJECTS, board=Board(), clock=lambda: NOW)
    await take_over(handler)
    await handler.handle(strange)
    parked = parked_of(pool, handler.redrive, now=lambda: NOW)
    async with client(parked.router, pool, admin) as mari:
        found = {item["offset"]: item["id"] for item in (await mari.get(PATH)).json()["results"]}
        first, long, empty = [(await mari.get(f"{PATH}{found[n]}/")).json() for n in range(3)]
        assert first["key"] == {"bytes": 1, "cut": False, "base64": "/w=="}
        assert first["value"] == {"bytes": 5, "cut": False, "base64": "G1szMW0="}
        assert first["headers"] == [
            {"name": "a", "value": None},
            {"name": "b", "value": {"bytes": 2, "cut": False, "text": "é"}},
        ]
        assert (long["key"], long["value"]["bytes"], long["value"]["cut"]) == (None, 100_000, True)
        assert long["value"]["text"] == "x" * 65_536
        assert empty["value"] is None
        assert (await mari.get(f"{PATH}{found[0]}/")).json() == first
        page = (await mari.get(PATH, params={"page_size": 2})).json()
        rest = (await mari.get(page["next"])).json()
        ids = [item["id"] for item in (*page["results"], *rest["results"])]
        assert (len(ids), len(set(ids)), rest["next"], "causes" in rest) == (3, 3, None, False)
        assert {one["code"]: one["records"] for one in page["causes"]} == {"NO_TYPE": 2, "NO_VALUE": 1}
        assert len((await mari.get(PATH, params={"code": "NO_VALUE"})).json()["results"]) == 1
        assert (await mari.get(PATH, params={"state": "dropped"})).json()["results"] == []
        for path in ("log~0~77/", "log~0/", f"{found[0]}x/"):
            assert (await mari.get(f"{PATH}{path}")).status_code == 404, path
        assert (await mari.get(PATH, params={"cursor": "eyJ9"})).status_code == 400
