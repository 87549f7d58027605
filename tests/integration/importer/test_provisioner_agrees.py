"""What the importer tells the provisioner, told to the provisioner's own routes over real HTTP and Postgres."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import aiohttp
import uvicorn

from deploy.provisioning.database import Provisioned
from services.common.access import Authenticator
from services.common.database import migrate, open_pool
from services.common.http import create_app
from services.importer.commands.provisioner import MAX_CLAIMS, ProvisionerCommands
from services.provisioner.api.commands import commands_router
from services.provisioner.work.stops import Stops
from tests.integration.importer.support import until

TOKEN = "internal-token-of-tests"


async def test_stops_releases_and_forecasts_are_understood(service_database: Provisioned) -> None:
    """Each is confirmed, a whole batch of claims at once, and the same again is confirmed again; others are refused."""
    dsn = service_database.services["provisioner"]
    pool = await open_pool(dsn, name="tests", size=2, schema="provisioner")
    async with pool:
        await migrate(pool, schema="provisioner", package="services.provisioner.sql.migrations")
        stops = Stops(pool=pool, clock=lambda: 0.0)
        app = create_app(
            "provisioner",
            routers=[commands_router(pool, stops, lambda: datetime.now(UTC))],
            authenticator=Authenticator(pool),
            internal_token=TOKEN,
            alive={},
            ready={},
        )
        server = uvicorn.Server(
            uvicorn.Config(app, host="127.0.0.1", port=0, lifespan="off", log_config=None)
        )
        serving = asyncio.create_task(server.serve())

        async def started() -> bool:
            return server.started

        await until(started)
        port = server.servers[0].sockets[0].getsockname()[1]
        import_id = uuid4()
        claims = [(uuid4(), uuid4()) for _ in range(MAX_CLAIMS)]
        async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as session:
            provisioner = ProvisionerCommands(session, f"http://127.0.0.1:{port}")
            for _ in range(2):
                assert await provisioner.stop(import_id, author="staff", reason="wrong file")
                assert await provisioner.release(import_id, author="staff", cause="undo", claims=claims)
            assert import_id in stops
            counts = await provisioner.foretell(import_id, claims[:5])
            assert counts is not None
            assert sum(counts.values()) == 5
        async with aiohttp.ClientSession() as stranger:
            provisioner = ProvisionerCommands(stranger, f"http://127.0.0.1:{port}")
            assert not await provisioner.stop(import_id, author="staff", reason="")
            assert await provisioner.foretell(import_id, claims[:1]) is None
        server.should_exit = True
        await serving
