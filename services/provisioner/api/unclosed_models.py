"""The report as the API document describes it; `unclosed` answers."""

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import ConfigDict, Field

from schemas.facts.accounts import CloseCause
from services.common.http.types import HexText
from services.provisioner.api.models import Answer

_UNCLOSED: Final[dict[str, Any]] = {
    "account_uuid": "6c8f1f1e0b8c5f3c9d0f9a3b8e7d6c5b",
    "project_uuid": "2f1d3a5b7c9e4f60a1b2c3d4e5f60718",
    "project_name": "Introduction to Scientific Computing",
    "state": "retrying",
    "cause": "course_ended",
    "since": "2026-12-19T00:00:00Z",
    "attempts": 3,
    "error": {
        "code": "CLOSE_UNREACHABLE",
        "message": "The account service cannot be reached.",
        "hint": "Nothing to do: we try again by ourselves.",
    },
    "next_attempt": "2026-12-19T00:04:00Z",
}


class WhyUnclosed(Answer):
    """Why the last attempt failed."""

    code: str
    message: str
    hint: str


class UnclosedAccount(Answer):
    """An account that should be closed and is not."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_UNCLOSED]})

    account_uuid: HexText
    project_uuid: HexText
    project_name: str | None
    state: Literal["not_asked", "closing", "retrying", "given_up"]
    cause: CloseCause
    since: datetime
    attempts: int
    error: WhyUnclosed | None
    next_attempt: datetime | None


class UnclosedAccounts(Answer):
    """What should be closed and is not, those that wait longest first."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"results": [_UNCLOSED], "next": None, "total": 1}]}
    )

    results: list[UnclosedAccount]
    next: str | None
    total: int = Field(description="on all pages together")
