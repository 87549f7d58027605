"""Read interface for the importer: which accounts exist, in bulk. Never routed to the outside."""

from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.common.database import ACQUIRE_TIMEOUT_S, Pool
from services.common.http import Problem
from services.common.http.signin import internal_only
from services.provisioner.store import accounts

_MOST = 10_000
_ID_BYTES = 16
# state column → byte of the answer: unknown, pending, ok, erred, closed (closing counts as closed)
_ANSWER = {1: 1, 2: 2, 3: 3, 4: 4, 5: 4}


def internal_router(pool: Pool) -> APIRouter:
    """Routes under `/internal/`."""
    router = APIRouter(dependencies=[Depends(internal_only)], include_in_schema=False)

    @router.post("/internal/account-states/")
    async def account_states(request: Request) -> Response:
        """Account ids of 16 bytes each in; one byte each out: 0 unknown, 1 pending, 2 ok, 3 erred, 4 closed."""
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > _MOST * _ID_BYTES:
                raise Problem(413, "TOO_MANY_IDS", f"At most {_MOST} ids may be asked for at once.")
        if len(body) % _ID_BYTES:
            raise Problem(400, "BROKEN_IDS", "The body must hold ids of 16 bytes each.")
        ids = [UUID(bytes=bytes(body[i : i + _ID_BYTES])) for i in range(0, len(body), _ID_BYTES)]
        async with pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
            states = await accounts.states(connection, ids)
        answer = bytes(_ANSWER.get(states.get(account_id, 0), 0) for account_id in ids)
        return Response(answer, media_type="application/octet-stream")

    return router
