"""What the importer asks of the other two services, over real HTTP against small servers that speak their part."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import aiohttp
import pytest
from aiohttp import web

from services.common.read_model import Projector
from services.importer.drafts.existing import MAX_IDS, ProvisionerAccounts, Unknown


class Neighbour:
    """Answers as told, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.queries: list[dict[str, str]] = []
        self.status = 200
        self.answer: bytes | None = None

    async def states(self, request: web.Request) -> web.Response:
        """The provisioner: the last byte of an id is its state."""
        body = await request.read()
        self.asked.append(len(body) // 16)
        states = bytes(body[15::16])
        return web.Response(status=self.status, body=states if self.answer is None else self.answer)

    async def passed(self, request: web.Request) -> web.Response:
        """The projector: has passed, or has not."""
        self.queries.append(dict(request.query))
        return web.Response(status=self.status)

    async def import_status(self, request: web.Request) -> web.Response:
        """The projector: what it was told to say."""
        return web.Response(status=self.status, body=self.answer or b"{}")


@pytest.fixture
async def neighbour() -> AsyncIterator[tuple[Neighbour, str, aiohttp.ClientSession]]:
    """A neighbour, its address, and a session to ask it with."""
    neighbour = Neighbour()
    app = web.Application()
    app.add_routes(
        [
            web.post("/internal/account-states/", neighbour.states),
            web.get("/internal/passed/", neighbour.passed),
            web.get("/internal/imports/{uuid}/status/", neighbour.import_status),
        ]
    )
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    async with aiohttp.ClientSession() as session:
        yield neighbour, f"http://{host}:{port}", session
    await runner.cleanup()


async def test_states_of_any_number_of_accounts(
    neighbour: tuple[Neighbour, str, aiohttp.ClientSession],
) -> None:
    """More ids than one question takes are asked in several, and the answers keep their order."""
    provisioner, url, session = neighbour
    ids = b"".join(UUID(int=n << 8 | n % 5).bytes for n in range(MAX_IDS + 3))
    states = await ProvisionerAccounts(session, url).states(ids)
    assert states == bytes(n % 5 for n in range(MAX_IDS + 3))
    assert provisioner.asked == [MAX_IDS, 3]


@pytest.mark.parametrize(("status", "answer"), [(503, None), (200, b""), (200, b"\x09\x00")])
async def test_an_answer_that_is_none_is_unknown(
    neighbour: tuple[Neighbour, str, aiohttp.ClientSession], status: int, answer: bytes | None
) -> None:
    """Refused, cut off, or words nobody knows: the caller is told that nothing is known."""
    provisioner, url, session = neighbour
    provisioner.status, provisioner.answer = status, answer
    with pytest.raises(Unknown):
        await ProvisionerAccounts(session, url).states(uuid4().bytes + uuid4().bytes)


async def test_nobody_there() -> None:
    """No server: unknown states, nothing passed, no status; nothing is raised that would end a submission."""
    async with aiohttp.ClientSession() as session:
        with pytest.raises(Unknown):
            await ProvisionerAccounts(session, "http://127.0.0.1:9").states(uuid4().bytes)
        projector = Projector(session, "http://127.0.0.1:9")
        assert not await projector.passed("log", 0, 1, 0.1)
        assert await projector.status(uuid4()) is None


async def test_read_model_is_asked_for_the_place_and_the_status(
    neighbour: tuple[Neighbour, str, aiohttp.ClientSession],
) -> None:
    """Topic, partition, offset and patience are sent; the status is passed on; 408 and nonsense are no answer."""
    server, url, session = neighbour
    projector = Projector(session, url)
    assert await projector.passed("log", 3, 77, 1.5)
    assert server.queries == [{"topic": "log", "partition": "3", "offset": "77", "wait": "1.500"}]
    server.answer = b'{"version": 1}'
    assert await projector.status(uuid4()) == {"version": 1}
    server.answer = b"[1"
    assert await projector.status(uuid4()) is None
    server.status = 408
    assert not await projector.passed("log", 3, 77, 0.1)
    assert await projector.status(uuid4()) is None
