"""Many accounts at once, for the service that was asked to make them."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from services.common.http import Problem
from services.common.http.addresses import origin
from services.common.http.signin import internal_only
from services.common.questions import MANY
from services.common.sql import load_queries
from services.projector.accounts.answers import account_answer
from services.projector.web.answers import json_answer, pool_of

_SQL = load_queries("services.projector.accounts", "many.sql")
_ID: Final = 16


def router() -> APIRouter:
    """The route."""
    routes = APIRouter()

    @routes.post("/internal/accounts/", dependencies=[Depends(internal_only)], include_in_schema=False)
    async def internal_accounts(request: Request) -> Response:
        """Those of up to 1,000 accounts, 16 bytes for each id, that are listed; in no order."""
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > MANY * _ID:
                raise Problem(413, "BODY_TOO_LARGE", f"Ask for at most {MANY:,} accounts at once.")
        if len(body) % _ID:
            raise Problem(400, "INVALID_REQUEST", "An id has 16 bytes.")
        ids = [UUID(bytes=bytes(body[start : start + _ID])) for start in range(0, len(body), _ID)]
        rows = await pool_of(request).fetch(_SQL["many_accounts"], ids)
        where = origin(request)
        return json_answer({"accounts": [account_answer(row, where) for row in rows]})

    return routes
