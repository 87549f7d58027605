"""Our accounts beside those of the account service: only what really differs is told, both ways."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx2
import orjson

from deploy.account_service.launch import LaunchedService
from tests.integration.provisioner.conftest import Start
from tests.integration.provisioner.people import person
from tests.support.log import Log, project_snapshot, requested
from tests.support.waiting import until


async def compared(mari: httpx2.AsyncClient) -> list[dict[str, Any]]:
    """What the comparison says, line by line."""
    answer = await mari.get("/api/target/orphans/")
    assert answer.status_code == 200, answer.text
    return [orjson.loads(line) for line in answer.text.splitlines()]


async def test_only_what_really_differs_is_told(
    start: Start, log: Log, tables: asyncpg.Connection, tmp_path: Path
) -> None:
    """Nothing at first; then one we lost, one the target lost, and one still being made, which is none."""
    project, import_id = project_snapshot(), uuid4()
    requests = [
        requested(project, f"p{row}@example.org", import_id=import_id, row=row) for row in range(1, 7)
    ]

    async def made() -> bool:
        return await tables.fetchval("SELECT count(*) FROM accounts WHERE state = 2") == len(requests)

    with LaunchedService(tmp_path, slow_seconds=0.2) as target:
        urls = {"account_service_url": target.accounts_url, "account_service_token_url": target.token_url}
        async with start(**urls) as provisioner, person(tables, provisioner) as mari:
            await log.publish(requests)
            await until(made, "all accounts")
            *_, end = await compared(mari)
            assert end == {"type": "finished", "listed": 6, "at_target": 0, "ours": 0, "complete": True}

            lost, renamed, pending = (request.account_id for request in requests[:3])
            names = {
                row["account_id"]: row["username"]
                for row in await tables.fetch("SELECT account_id, username FROM accounts")
            }
            await tables.execute("DELETE FROM accounts WHERE account_id = $1", lost)
            await tables.execute("UPDATE accounts SET username = 'ghost' WHERE account_id = $1", renamed)
            await tables.execute(
                "UPDATE accounts SET state = 1, username = NULL WHERE account_id = $1", pending
            )
            *found, end = [line for line in await compared(mari) if line["type"] != "progress"]
            assert end == {"type": "finished", "listed": 6, "at_target": 2, "ours": 1, "complete": True}
            told = {(o["where"], o["username"]): (o["email"], o["account_uuid"], o["checked"]) for o in found}
            assert told == {
                ("target", names[lost]): ("p1@example.org", None, True),
                ("target", names[renamed]): ("p2@example.org", renamed.hex, True),
                ("ours", "ghost"): ("p2@example.org", renamed.hex, True),
            }
            nobody = await mari.get("/api/target/orphans/", headers={"Authorization": "Token nobody's"})
            assert nobody.status_code == 401
