"""Which set answers a request that names one, and what is looked up for whom."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from fastapi import APIRouter, FastAPI

from services.common.access import Authenticator, NotSignedIn, Principal
from services.common.http import SignedIn, create_app
from services.common.protection import Protection
from services.projector.sets.model import KnownSet
from services.projector.web.switch import Switch

MADE = datetime(2026, 9, 1, tzinfo=UTC)
TOKENS = {
    "Token s": Principal("staff", staff=True, credential="s"),
    "Token m": Principal("mari", credential="m"),
}
STAFF, MEMBER = ({"Authorization": token} for token in TOKENS)


class Catalog:
    """Stands for the pool that the catalog of sets is read with."""

    def __init__(self) -> None:
        self.states = {"projector": "fed"}
        self.looks = 0
        self.away = False

    @asynccontextmanager
    async def acquire(self, **_: Any) -> AsyncIterator["Catalog"]:
        """A connection, if the server is there."""
        if self.away:
            raise ConnectionRefusedError
        yield self

    async def fetch(self, _: str) -> list[dict[str, Any]]:
        """Every set."""
        self.looks += 1
        return [
            {"slot": slot, "edition": "usual", "state": state, "made_at": MADE, "replay_id": None,
             "active": slot == "projector"}
            for slot, state in self.states.items()
        ]  # fmt: skip

    async def fetchrow(self, _: str) -> dict[str, Any]:
        """The set that answers."""
        return {"slot": "projector", "swaps": 0}


class People(Authenticator):
    """Staff and a member."""

    pool = None

    def __init__(self) -> None:
        pass

    def known(self, authorization: str | None, cookie: str | None = None) -> None:
        """Nobody is known without a look."""

    async def principal(self, authorization: str | None) -> Principal:
        """By token."""
        if authorization not in TOKENS:
            raise NotSignedIn
        return TOKENS[authorization]


@asynccontextmanager
async def open_app(known: KnownSet) -> AsyncIterator[FastAPI]:
    """An application that says which set it is over."""
    router = APIRouter()

    @router.get("/api/which/")
    async def which(_: SignedIn) -> str:
        return known.slot

    app = create_app(
        "test: tests", routers=[router], authenticator=People(), internal_token="internal-secret-for-tests",
        alive={}, ready={},
    )  # fmt: skip
    app.state.statuses = None
    yield app


async def leave(_: FastAPI) -> None:
    """Nobody follows anything."""


@pytest.fixture
def catalog() -> Catalog:
    """One set, which answers."""
    return Catalog()


@pytest.fixture
async def http(catalog: Catalog) -> AsyncIterator[httpx2.AsyncClient]:
    """In front of a switch."""
    limits = Protection(rate=0.001, burst=3)
    switch = Switch(catalog, open_app, leave=leave, protection=limits)  # type: ignore[arg-type]
    await switch.look()
    catalog.looks = 0
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=switch), base_url="http://front.example"
    ) as client:
        yield client
    await switch.close()


def naming(slot: str, who: dict[str, str]) -> dict[str, str]:
    """Headers of a request."""
    return {"Read-Model-Set": slot, **who}


def code(answer: httpx2.Response) -> tuple[int, str]:
    """Status and code of a problem."""
    assert answer.headers["x-request-id"]
    return answer.status_code, answer.json()["code"]


async def test_a_set_made_a_moment_ago_answers_at_once(http: httpx2.AsyncClient, catalog: Catalog) -> None:
    """It is looked up once, and then is open."""
    catalog.states["projector_2"] = "scratch"
    for _ in range(2):
        answer = await http.get("/api/which", headers=naming("projector_2", STAFF))
        assert (answer.status_code, answer.json()) == (200, "projector_2")
        assert len(answer.headers.get_list("x-request-id")) == 1
    assert catalog.looks == 1
    assert (await http.get("/api/which/", headers=STAFF)).json() == "projector"


@pytest.mark.parametrize("state", [None, "building", "retired"])
async def test_a_set_that_cannot_be_asked(
    http: httpx2.AsyncClient, catalog: Catalog, state: str | None
) -> None:
    """Is told so; the usual one does not answer in its place."""
    if state is not None:
        catalog.states["projector_2"] = state
    answer = await http.get("/api/which/", headers=naming("projector_2", STAFF))
    assert code(answer) == (404, "SET_UNKNOWN")
    assert code(await http.get("/api/which/", headers=naming("", STAFF))) == (404, "SET_UNKNOWN")


async def test_nothing_is_looked_up_for_others(http: httpx2.AsyncClient, catalog: Catalog) -> None:
    """First who is asking, then whether that is staff, then how often; a probe of ours names no set."""
    assert code(await http.get("/api/which/", headers=naming("x", {}))) == (401, "NOT_SIGNED_IN")
    bad = {"Authorization": "Token wrong"}
    assert code(await http.get("/api/which/", headers=naming("x", bad))) == (401, "NOT_SIGNED_IN")
    assert code(await http.get("/api/which/", headers=naming("x", MEMBER))) == (403, "NOT_ALLOWED")
    assert catalog.looks == 0
    for _ in range(3):
        await http.get("/api/which/", headers=naming("x", STAFF))
    assert code(await http.get("/api/which/", headers=naming("x", STAFF))) == (429, "TOO_MANY_REQUESTS")
    assert catalog.looks == 3
    assert (await http.get("/healthz", headers=naming("x", {}))).status_code == 200


async def test_a_database_that_is_away(http: httpx2.AsyncClient, catalog: Catalog) -> None:
    """Is for the moment, and told as such."""
    catalog.away = True
    answer = await http.get("/api/which/", headers=naming("projector_2", STAFF))
    assert code(answer) == (503, "TEMPORARILY_UNAVAILABLE")
    assert answer.headers["retry-after"]
