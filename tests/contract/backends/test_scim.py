"""The SCIM backend where it differs: what it says to the server, and what servers may say to it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from services.provisioner.backends import (
    Absent,
    Backend,
    BackendContext,
    BackendUnusable,
    Closed,
    Created,
    Exists,
    FoundAccount,
    Listed,
    NotSent,
    NotSentCause,
    Refused,
    Unknown,
    UnknownCause,
)
from services.provisioner.backends.loading import open_backend
from tests.contract.backends.rig import SCOPE
from tests.contract.backends.scim import ScimRig, answer, scim_rig
from tests.support.cutting import Spoil
from tests.support.scim import LaunchedScim


async def test_a_user_says_all_that_scim_has_a_place_for(scim: ScimRig) -> None:
    """The key too, so that anybody can see which request made an account."""
    email = scim.email("ada")
    request = scim.request(email, "k", description="Ada Lovelace")
    outcome = await scim.backend.create(request)
    assert isinstance(outcome, Created)
    [user] = scim.server.users(externalId=request.idempotency_key)
    assert user["userName"] == outcome.username
    assert (user["displayName"], user["userType"], user["active"]) == ("Ada Lovelace", "Course account", True)
    assert user["emails"] == [{"value": email, "primary": True}]


async def test_a_person_in_two_courses_has_two_accounts(scim: ScimRig) -> None:
    """The name follows from both; what is not allowed in it is left out."""
    email = scim.email("o'neil+x_ß")
    outcome = await scim.backend.create(scim.request(email, "k"))
    assert isinstance(outcome, Created)
    assert outcome.username.startswith("o-neil-x_-.")
    assert await scim.backend.look_up(email, "rust-7") == Absent()


@pytest.mark.parametrize("domain", ["campus.local", "xn--bcher-kva.example"])
async def test_domains_are_taken_as_the_importer_wrote_them(scim: ScimRig, domain: str) -> None:
    """Those nobody else can reach, too, and international ones as they go over the wire."""
    email = f"ada.{scim.number}@{domain}"
    outcome = await scim.backend.create(scim.request(email, "k"))
    assert isinstance(outcome, Created)
    assert await scim.alive(email) == [outcome.username]


async def test_a_deactivated_account_is_opened_again_for_a_new_life(scim: ScimRig) -> None:
    """The same user with the new key; asked again with the old key, nobody is woken up."""
    email = scim.email("ada")
    first = await scim.backend.create(scim.request(email, "k1"))
    assert isinstance(first, Created)
    assert await scim.backend.close(first.username) == Closed()
    assert await scim.backend.create(scim.request(email, "k1")) == first, "the answer its key has"
    assert await scim.alive(email) == [], "and no new life"
    assert await scim.backend.create(scim.request(email, "k2")) == Created(first.username)
    assert len(scim.server.users(userName=first.username)) == 1
    assert await scim.backend.close(first.username) == Closed()


async def test_a_lost_answer_to_an_opening_is_settled_by_asking_again(scim: ScimRig) -> None:
    """The user says which key opened it."""
    email = scim.email("ada")
    first = await scim.backend.create(scim.request(email, "k1"))
    assert isinstance(first, Created)
    await scim.backend.close(first.username)
    # The conflict is heard; what is lost is the answer to the change after it.
    async with scim.proxy.spoiling(Spoil(only=b"PATCH")):
        outcome = await scim.backend.create(scim.request(email, "k2"))
    assert outcome == Unknown(UnknownCause.CONNECTION_LOST)
    again = await scim.backend.create(scim.request(email, "k2"))
    assert isinstance(again, Created)
    assert await scim.alive(email) == [first.username]


async def test_somebody_elses_inactive_user_is_left_asleep(scim: ScimRig) -> None:
    """A name that happens to be the same, of a person who left."""
    email = await scim.occupied("tom")
    assert email is not None
    [user] = [u for u in scim.server.users() if u["userName"].startswith(f"tom.{scim.number}")]
    await scim.backend.close(user["userName"])
    outcome = await scim.backend.create(scim.request(email, "k"))
    assert isinstance(outcome, Exists)
    assert outcome.found is not None
    assert outcome.found.idempotency_key is None
    [user] = scim.server.users(userName=user["userName"])
    assert user["active"] is False


async def test_a_deleted_user_is_gone(scim_server: LaunchedScim) -> None:
    """And the name is free for a new one."""
    async with scim_rig(scim_server, close="delete") as rig:
        email = rig.email("ada")
        first = await rig.backend.create(rig.request(email, "k1"))
        assert isinstance(first, Created)
        assert await rig.backend.close(first.username) == Closed()
        assert scim_server.users(userName=first.username) == []
        assert isinstance(await rig.backend.create(rig.request(email, "k2")), Created)


async def test_nobody_listening_was_not_sent(unused_tcp_port: int) -> None:
    """A refused connection has no effect."""
    options = {"url": f"http://127.0.0.1:{unused_tcp_port}/v2", "token": "t"}
    async with open_backend("scim", BackendContext(options=options)) as backend:
        assert await backend.prepare() == NotSent(NotSentCause.CONNECT_FAILED)
        assert await backend.close("ada") == NotSent(NotSentCause.CONNECT_FAILED)


async def test_a_wrong_token_is_waited_for(scim_server: LaunchedScim) -> None:
    """It is the set-up that is wrong, no account: nothing fails."""
    async with scim_rig(scim_server, token="another") as rig:
        outcome = await rig.backend.create(rig.request(rig.email("ada"), "k"))
        assert outcome == NotSent(NotSentCause.NOT_AUTHORISED)


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (answer(503, "Retry-After: 3"), NotSent(NotSentCause.UNAVAILABLE, 3.0)),
        (answer(403), NotSent(NotSentCause.NOT_AUTHORISED)),
        (answer(404), NotSent(NotSentCause.MISCONFIGURED)),
        (
            answer(400, body=b'{"scimType": "invalidValue", "detail": "No such person."}'),
            Refused("invalidValue", "No such person."),
        ),
        (answer(400), Refused("HTTP_400", "The account service answered 400.")),
        (answer(201, "Content-Type: text/html", body=b"<html>"), Unknown(UnknownCause.MALFORMED_ANSWER)),
        (answer(204), Unknown(UnknownCause.MALFORMED_ANSWER)),
    ],
)
async def test_each_answer_has_its_meaning(scim: ScimRig, said: bytes, outcome: object) -> None:
    """As for every backend: only what says no to this account is a refusal."""
    await scim.backend.prepare()
    async with scim.proxy.spoiling(Spoil(said, reaches=False)):
        assert await scim.backend.create(scim.request(scim.email("ada"), "k")) == outcome


class OtherServer:
    """A SCIM server with client credentials, that says of itself what a test wants."""

    def __init__(self) -> None:
        self.config: dict[str, object] = {}
        self.tokens = 0
        self.forms: list[dict[str, object]] = []
        self.users: list[dict[str, object]] = []

    async def on_token(self, request: web.Request) -> web.StreamResponse:
        """A new token each time."""
        self.tokens += 1
        self.forms.append(dict(await request.post()))
        return web.json_response({"access_token": f"t{self.tokens}", "expires_in": 3600})

    async def on_config(self, request: web.Request) -> web.StreamResponse:
        """The first token is no longer taken."""
        if request.headers["Authorization"] == "Bearer t1":
            return web.json_response({}, status=401)
        if not self.config:
            raise web.HTTPNotFound
        schema = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
        return web.json_response({"schemas": [schema], **self.config})

    async def on_users(self, request: web.Request) -> web.StreamResponse:
        """Two at a time, however many were asked for."""
        schema = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
        start = int(request.query.get("startIndex", "1")) - 1
        some = self.users[start : start + 2]
        return web.json_response({"schemas": [schema], "totalResults": len(self.users), "Resources": some})


@pytest.fixture
async def other() -> AsyncIterator[tuple[OtherServer, Backend]]:
    """It, and a backend for it."""
    mind = OtherServer()
    app = web.Application()
    app.add_routes(
        [
            web.post("/token", mind.on_token),
            web.get("/scim/ServiceProviderConfig", mind.on_config),
            web.get("/scim/Users", mind.on_users),
        ]
    )
    async with TestServer(app) as server:
        options = {
            "url": str(server.make_url("/scim/")),
            "token_url": str(server.make_url("/token")),
            "client_id": "c",
            "client_secret": "s",
            "token_scope": "users",
        }
        async with open_backend("scim", BackendContext(options=options)) as backend:
            yield mind, backend


async def test_client_credentials_are_renewed_once(other: tuple[OtherServer, Backend]) -> None:
    """Also when many find out together; a server that says nothing about itself is used as it is."""
    server, backend = other
    outcomes = await asyncio.gather(*(backend.look_up("ada@example.org", SCOPE) for _ in range(5)))
    assert outcomes == [Absent()] * 5
    assert server.tokens == 2
    assert server.forms[0]["scope"] == "users"


async def test_a_long_list_comes_in_parts(other: tuple[OtherServer, Backend]) -> None:
    """As large as the server makes them; who is inactive is left out, who has no name makes it unreadable."""
    server, backend = other
    server.users = [{"userName": name, "active": name != "bob"} for name in ("ada", "bob", "cy")]
    first = await backend.list_accounts()
    assert first == Listed((FoundAccount("ada"),), "3")
    assert await backend.list_accounts("3") == Listed((FoundAccount("cy"),), None)
    server.users = [{"displayName": "nobody"}]
    assert await backend.list_accounts() == Unknown(UnknownCause.MALFORMED_ANSWER)


@pytest.mark.parametrize("lacks", ["filter", "patch"])
async def test_a_server_that_cannot_do_what_is_needed_is_not_called(
    other: tuple[OtherServer, Backend], lacks: str
) -> None:
    """Without a filter nobody is found again, without changes nobody is deactivated: rows wait, none fails."""
    server, backend = other
    server.config = {lacks: {"supported": False}}
    assert await backend.prepare() == NotSent(NotSentCause.MISCONFIGURED)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"token": None}, "token is missing"),
        ({"client_id": "c"}, "exclude each other"),
        ({"user_name": "{local}"}, "two people may get one name"),
        ({"user_name": "{secret}"}, "may hold {local}, {hash} and {email} only"),
        ({"user_name": "{local"}, "unpaired"),
        ({"close": "forget"}, "close: "),
        ({"url": "here"}, "url: "),
        ({"colour": "red"}, "colour: "),
    ],
)
async def test_options_are_judged_in_words(changes: dict[str, object], said: str) -> None:
    """At the start, and without a secret in the sentence."""
    options = {"url": "https://scim.example.org/v2", "token": "very-secret", **changes}
    with pytest.raises(BackendUnusable) as stopped:
        async with open_backend("scim", BackendContext(options=options)):
            pass
    assert said in str(stopped.value)
    assert "very-secret" not in str(stopped.value)
