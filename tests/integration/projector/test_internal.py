"""What the provisioner asks after a command: an account, once the tables show what was decided about it."""

import asyncio

from services.common.database import Pool
from services.projector.core.board import Board
from tests.integration.projector.a_course import ACCOUNTS, a_course
from tests.integration.projector.support import INTERNAL, client, reader, records, take_over
from tests.unit.projector.stories import account_of


async def test_an_account_is_answered_once_its_fact_is_folded(pool: Pool, admin: Pool) -> None:
    """As the list shows it, as soon as the version is there; an older one says so; an unknown one is 404."""
    log, board = records(a_course().facts), Board()
    handler = reader(pool, board)
    await take_over(handler)
    ben = account_of("ben")
    async with client(pool, admin, board=board) as http:
        path, key = f"/internal/accounts/{ben}/", {"Authorization": f"Bearer {INTERNAL}"}
        assert (await http.get(path, params={"wait": 0}, headers=key)).status_code == 404
        asked = asyncio.create_task(http.get(path, params={"version": 1, "wait": 5}, headers=key))
        await handler.handle(log)
        answer = (await asked).json()
        assert answer == {"account": (await http.get(f"{ACCOUNTS}{ben}/")).json(), "current": True}
        behind = (await http.get(path, params={"version": 99, "wait": 0}, headers=key)).json()
        assert behind == {"account": answer["account"], "current": False}
        assert (await http.get(path)).status_code == 401
