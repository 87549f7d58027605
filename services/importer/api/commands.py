"""`/api/course-imports/{uuid}/`: `cancel/`, `undo/`, and the correction of one row."""

from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, field_validator

from services.common.access import Principal
from services.common.http import Problem, Writer
from services.common.http.auditing import tell_audit
from services.common.http.documented import answer_headers
from services.common.http.problem_answer import problems
from services.common.http.types import HexText
from services.importer.api.answers import Answer
from services.importer.api.drafts import STATUS
from services.importer.commands.assemble import Commands
from services.importer.commands.correcting import Corrected
from services.importer.commands.stopping import Wish
from services.importer.commands.store import CommandRefused
from services.importer.domain.correcting import Change
from services.importer.drafts.existing import Unknown
from services.importer.submission.answer import initial_status

Row = Annotated[int, Path(ge=1, le=2**31 - 1)]


class ReasonBody(BaseModel):
    """Why; shown to everybody who sees the import."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "the wrong list"}]})

    reason: str = Field(default="", max_length=2000)

    @field_validator("reason")
    @classmethod
    def _storable(cls, text: str) -> str:
        return text.encode("utf-8", "replace").decode().replace("\x00", "").strip()


class CorrectionBody(BaseModel):
    """What is changed; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"email": "ada@example.org"}]})

    email: str | None = Field(default=None, max_length=1000)
    description: str | None = Field(default=None, max_length=10_000)
    confirmed: bool = Field(default=False, description="the address is meant as it is, look-alikes and all")


class UndoForetold(Answer):
    """What an undo would come to, in rows."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "uuid": "6c8f1f1e0b8c5f3c9d0f9a3b8e7d6c5b",
                    "dry_run": True,
                    "close": 280,
                    "kept": 3,
                    "nothing": 17,
                    "pending": 0,
                }
            ]
        },
    )

    uuid: HexText
    dry_run: Literal[True]
    close: int = Field(description="accounts that would be closed")
    kept: int = Field(description="left alone, because somebody else needs them or they changed since")
    nothing: int = Field(description="there is nothing to close")
    pending: int = Field(description="would be stopped")


_ROW: Final[dict[str, Any]] = {
    "description": "The row, as it is listed.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ImportRow"}}},
    "headers": answer_headers(X_Read_Model="`behind`: the lists do not have it yet"),
}


def commands_router(commands: Commands) -> APIRouter:
    """Routes for submitted imports."""
    router = APIRouter(prefix="/api/course-imports/{uuid}", tags=["imports"])

    async def own(request: Request, principal: Principal, uuid: UUID) -> None:
        project_id = await commands.project_of(uuid)
        if project_id is None or not principal.sees(project_id):
            raise Problem(404, "NOT_FOUND", "There is no such import.")
        principal.check_manages(project_id)
        tell_audit(request, project_id=project_id)

    @router.post(
        "/cancel/",
        status_code=202,
        operation_id="cancel_import",
        responses={202: STATUS, **problems(400, 404, 409, 410)},
    )
    async def cancel(
        request: Request, principal: Writer, uuid: UUID, body: ReasonBody | None = None
    ) -> JSONResponse:
        """Start nothing more of an import.

        What is created already stays.
        """
        await own(request, principal, uuid)
        wish = Wish(principal.user_id, body.reason if body else "")
        try:
            seen = await commands.stopping.cancel(uuid, wish)
        except CommandRefused as error:
            raise _problem(error) from None
        return await _status(commands, uuid, "cancelling", seen=seen)

    @router.post(
        "/undo/",
        status_code=202,
        operation_id="undo_import",
        responses={
            200: {"model": UndoForetold, "description": "With `dry_run`: what it would come to."},
            202: STATUS,
            **problems(400, 404, 409, 410),
        },
    )
    async def undo(
        request: Request,
        principal: Writer,
        uuid: UUID,
        body: ReasonBody | None = None,
        dry_run: bool = False,
    ) -> JSONResponse:
        """Close what an import alone created.

        With `dry_run` only count, in rows, what that comes to.
        """
        await own(request, principal, uuid)
        wish = Wish(principal.user_id, body.reason if body else "")
        try:
            if dry_run:
                tell_audit(request, nothing_changed=True)
                counts = await commands.stopping.foretell_undo(uuid)
                if counts is None:
                    raise _cannot_be_asked()
                return JSONResponse({"uuid": uuid.hex, "dry_run": True, **counts})
            seen = await commands.stopping.undo(uuid, wish)
        except CommandRefused as error:
            raise _problem(error) from None
        return await _status(commands, uuid, "undoing", seen=seen)

    @router.patch(
        "/rows/{row}/",
        operation_id="correct_import_row",
        responses={200: _ROW, **problems(400, 404, 409, 410)},
    )
    async def correct(
        request: Request, principal: Writer, uuid: UUID, row: Row, body: CorrectionBody
    ) -> JSONResponse:
        """Correct a failed or invalid row.

        It then runs again.
        """
        await own(request, principal, uuid)
        change = Change(body.email, body.description, body.confirmed)
        try:
            done = await commands.correcting.correct(uuid, row, change, principal.user_id)
        except CommandRefused as error:
            raise _problem(error) from None
        except Unknown:
            raise _cannot_be_asked() from None
        answer = await commands.read_model.row(uuid, row) if done.seen else None
        return JSONResponse(answer or first_row(done), headers=_behind(done.seen))

    return router


async def _status(commands: Commands, uuid: UUID, state: str, *, seen: bool) -> JSONResponse:
    answer = await commands.read_model.status(uuid)
    if answer is None:
        submitted = await commands.imports.find(uuid)
        assert submitted is not None  # noqa: S101 - the command found it
        answer = {**initial_status(submitted), "state": state, "finished": None}
    headers = {"Location": f"/api/course-imports/{uuid.hex}/", **_behind(seen)}
    return JSONResponse(answer, 202, headers=headers)


def first_row(done: Corrected) -> dict[str, Any]:
    """The row as it will be seen."""
    row = done.row
    return {
        "row": row.row,
        "line": row.line,
        "email": row.email,
        "description": row.description,
        "class": "pending",
        "duplicate_of": None,
        "account_uuid": None if row.account_id is None else row.account_id.hex(),
        "state": "Pending",
        "phase": "queued",
        "username": None,
        "error": None,
        "closing": None,
        "attempts": 0,
        "next_attempt": None,
        "revision": done.revision,
        "notes": [],
        "suggestions": [],
    }


def _behind(seen: bool) -> dict[str, str]:
    return {} if seen else {"X-Read-Model": "behind"}


def _cannot_be_asked() -> Problem:
    return Problem(
        503,
        "TEMPORARILY_UNAVAILABLE",
        "How the accounts stand cannot be found out right now. Nothing was changed; try again in a moment.",
        headers={"Retry-After": "2"},
    )


def _problem(error: CommandRefused) -> Problem:
    why = error.refused
    extra: dict[str, Any] = {} if error.row is None else {"row": error.row}
    errors = None if error.field is None else {error.field: [why.detail]}
    return Problem(why.status, why.code, why.detail, errors=errors, **extra)
