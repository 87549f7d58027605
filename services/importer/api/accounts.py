"""`POST /api/marketplace-course-accounts/` and `…/create_bulk/`: asking for accounts as Waldur's clients do."""

import asyncio
from typing import Annotated, Any, Final

import msgspec
import orjson
from fastapi import APIRouter, Header, Request, Response

from services.common.http import Problem, Writer
from services.common.http.account_answer import CourseAccount
from services.common.http.addresses import origin
from services.common.http.auditing import tell_audit
from services.common.http.body_schema import json_body
from services.common.http.documented import answer_headers
from services.common.http.idempotent import repeat_below
from services.common.http.problem_answer import problems
from services.common.http.repeated import LONGEST_KEY
from services.importer.api.json_body import read_json
from services.importer.creating.answers import PATH
from services.importer.creating.creating import Created, Creating, Order
from services.importer.domain.direct import MAX_ROWS, Unacceptable, Wanted, project_of

_MOST_BYTES: Final = 64 * 1024
_MOST_BYTES_OF_MANY: Final = 4 * 1024 * 1024
_MOST_KEPT: Final = 1_000
"""Accounts of an answer that is kept; a longer one is made anew for the same request."""
_EXAMPLE: Final = {"email": "ada@example.org", "description": "Group 1"}
_PROJECT: Final = {"project": "2f1d3a5b7c9e4f60a1b2c3d4e5f60718"}

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=LONGEST_KEY,
        description="the same key of the same person for the same request: it is done once",
    ),
]
ProjectText = Annotated[
    str,
    msgspec.Meta(
        max_length=500,
        description="the project's uuid, in either spelling, or an address that ends in it",
    ),
]
Cell = Annotated[str, msgspec.Meta(max_length=10_000)]


class AccountWanted(msgspec.Struct, frozen=True):
    """One account of a list."""

    email: Cell
    description: Cell | None = None


class AccountBody(msgspec.Struct, frozen=True):
    """One account, and its project."""

    project: ProjectText
    email: Cell
    description: Cell | None = None


class AccountsBody(msgspec.Struct, frozen=True):
    """A list of accounts in one project."""

    project: ProjectText
    course_accounts: Annotated[list[AccountWanted], msgspec.Meta(min_length=1, max_length=MAX_ROWS)]


_ONE: Final = msgspec.json.Decoder(AccountBody)
_MANY: Final = msgspec.json.Decoder(AccountsBody)
_MANY_BODY: Final = {
    "required": True,
    "content": {
        "application/json": {
            "schema": msgspec.json.schema(AccountsBody),
            "example": {**_PROJECT, "course_accounts": [_EXAMPLE]},
        }
    },
}
_HEADERS: Final = answer_headers(
    X_Read_Model="`behind`: the lists do not have all of it yet",
    X_Import="the import that this request became: its progress, history and undo",
    Idempotent_Replayed="`true`: this request was sent before with this key, and nothing was done again",
)


def creation_router(creating: Creating) -> APIRouter:
    """Routes that ask for accounts."""
    router = APIRouter(prefix=PATH.rstrip("/"), tags=["course accounts"])

    @router.post(
        "/",
        status_code=201,
        operation_id="create_account",
        responses={
            201: {"model": CourseAccount, "description": "The account, Pending.", "headers": _HEADERS},
            **problems(400, 409, 410, 413, 415, 422),
        },
        openapi_extra=json_body(AccountBody, example={**_PROJECT, **_EXAMPLE}),
    )
    async def create(request: Request, principal: Writer, key: Key = None) -> Response:
        """Ask for one account.

        It is answered Pending, and work on it has begun. An account that is there already is answered as it stands: an
        Erred one stays so until somebody retries it; a closed one is made again.
        """
        body = await read_json(request, _ONE, most_bytes=_MOST_BYTES)
        wanted = [Wanted(body.email, body.description or "")]
        created = await _created(creating, request, principal, body.project, wanted, key, single=True)
        return _answer(created, created.accounts[0], 201)

    @router.post(
        "/create_bulk/",
        operation_id="create_accounts",
        responses={
            200: {
                "model": list[CourseAccount],
                "description": "The accounts in the order given, each once.",
                "headers": _HEADERS,
            },
            **problems(400, 409, 410, 413, 415, 422),
        },
        openapi_extra={"requestBody": _MANY_BODY},
    )
    async def create_bulk(request: Request, principal: Writer, key: Key = None) -> Response:
        """Ask for many accounts of one project.

        All or nothing: if one address cannot be used nothing is created, and `errors` says which. Addresses that are
        repeated, or there already, create nothing twice. At most 10,000 accounts.
        """
        body = await read_json(request, _MANY, most_bytes=_MOST_BYTES_OF_MANY)
        wanted = [Wanted(one.email, one.description or "") for one in body.course_accounts]
        created = await _created(creating, request, principal, body.project, wanted, key, single=False)
        return await asyncio.to_thread(_answer, created, created.accounts, 200)

    return router


async def _created(
    creating: Creating,
    request: Request,
    principal: Writer,
    project: str,
    wanted: list[Wanted],
    key: str | None,
    *,
    single: bool,
) -> Created:
    try:
        order = Order(project_of(project), wanted, single, key)
        created = await creating.create(order, principal, origin(request))
    except Unacceptable as error:
        raise Problem(error.status, error.code, error.detail, errors=error.errors) from None
    tell_audit(request, project_id=order.project_id, objects=(created.import_id,))
    if len(created.accounts) > _MOST_KEPT:
        repeat_below(request)
    return created


def _answer(created: Created, body: Any, status: int) -> Response:
    headers = {"X-Import": created.import_id.hex}
    if not created.seen:
        headers["X-Read-Model"] = "behind"
    if created.again:
        headers["Idempotent-Replayed"] = "true"
    return Response(orjson.dumps(body), status, headers, "application/json")
