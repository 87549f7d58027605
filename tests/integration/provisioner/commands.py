"""The importer's commands, as it would give them; faults of the account service, as an operator would set them."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import aiohttp
import httpx2

from deploy.account_service.launch import CONTROL_TOKEN, LaunchedService
from schemas.facts import AccountRequested
from services.provisioner.bootstrap import Provisioner

_INTERNAL = {"Authorization": "Bearer only-for-tests-internal"}


async def ask(provisioner: Provisioner, path: str, body: Any, *, status: int, **query: Any) -> Any:
    """Post to `/internal/imports/…`, and the answer's JSON, if it has any."""
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=provisioner.asgi), base_url="http://provisioner", headers=_INTERNAL
    ) as client:
        answer = await client.post(f"/internal/imports/{path}", json=body, params=query)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


async def stop(provisioner: Provisioner, import_id: UUID) -> None:
    """Stop an import."""
    await ask(
        provisioner, f"{import_id.hex}/stop/", {"author": "manager", "reason": "wrong file"}, status=204
    )


def claims(requests: Iterable[AccountRequested], cause: str = "undo") -> dict[str, Any]:
    """The body that gives up these claims."""
    pairs = [[r.account_id.hex, r.claim.request_id.hex] for r in requests]
    return {"author": "manager", "cause": cause, "claims": pairs}


async def release(provisioner: Provisioner, import_id: UUID, body: dict[str, Any]) -> int:
    """Give up claims; how many were queued."""
    answer = await ask(provisioner, f"{import_id.hex}/release/", body, status=202)
    return int(answer["queued"])


async def foretell(provisioner: Provisioner, import_id: UUID, body: dict[str, Any]) -> dict[str, int]:
    """What giving them up would come to."""
    answer: dict[str, int] = await ask(
        provisioner, f"{import_id.hex}/release/", body, status=200, dry_run="1"
    )
    return answer


@asynccontextmanager
async def faults(service: LaunchedService, **wanted: object) -> AsyncIterator[None]:
    """Set faults for a while."""
    try:
        await _set(service, wanted)
        yield
    finally:
        await _set(service, {})


async def _set(service: LaunchedService, wanted: dict[str, object]) -> None:
    headers = {"Authorization": f"Bearer {CONTROL_TOKEN}"}
    async with (
        aiohttp.ClientSession() as session,
        session.put(f"{service.url}/control/faults", json=wanted, headers=headers) as answer,
    ):
        assert answer.status == 200, await answer.text()
