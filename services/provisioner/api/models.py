"""Jobs as the API document describes them. Answers are made in `answers`; tests hold the two together."""

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.facts.accounts import CloseCause
from services.common.http.types import HexText

_JOB: Final[dict[str, Any]] = {
    "url": "/api/jobs/0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f/",
    "uuid": "0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f",
    "action": "retry",
    "cause": "request",
    "state": "finished",
    "author": "9b2d8e7f6a5c4b3d8e1f0a9b8c7d6e5f",
    "reason": "the account service is well again",
    "project_uuid": None,
    "import_uuid": "4e5f60718293a4b5c6d7e8f90a1b2c3d",
    "codes": ["REFUSED"],
    "created": "2026-09-01T08:10:00.000000Z",
    "started": "2026-09-01T08:10:00.050000Z",
    "finished": "2026-09-01T08:10:00.400000Z",
    "total": 12,
    "done": 12,
    "changed": 11,
    "unchanged": 0,
    "refused": 1,
    "dropped": 0,
    "rate": 30.0,
    "eta_seconds": None,
    "poll_after": 1.0,
}
_REFUSAL: Final[dict[str, Any]] = {
    "account_uuid": "6c8f1f1e0b8c5f3c9d0f9a3b8e7d6c5b",
    "email": "ada@example.org",
    "code": "ACCOUNT_OK",
    "message": "The account exists already.",
    "hint": "Nothing to do.",
    "can_retry": False,
}


class Answer(BaseModel):
    """Exactly these fields."""

    model_config = ConfigDict(extra="forbid")


class AccountJob(Answer):
    """An order about accounts and how far it is: `total` is done, dropped by a cancel, or still to come."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_JOB]})

    url: str
    uuid: HexText
    action: Literal["retry", "close"]
    cause: CloseCause
    state: Literal["queued", "running", "finished", "cancelled"]
    author: str = Field(description="who asked; a course that is over asks by itself")
    reason: str
    project_uuid: HexText | None = Field(description="set where it is about a whole project")
    import_uuid: HexText | None = Field(description="set where it is about an import")
    codes: list[str] = Field(description="only accounts that failed with one of these; none: all")
    created: datetime
    started: datetime | None
    finished: datetime | None
    total: int
    done: int = Field(description="changed + unchanged + refused")
    changed: int
    unchanged: int
    refused: int = Field(description="what could not be done: see the refusals")
    dropped: int
    rate: float | None = Field(description="accounts a second")
    eta_seconds: int | None
    poll_after: float = Field(description="seconds after which it is worth asking again")


class AccountJobPage(Answer):
    """Jobs, the newest first."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"results": [_JOB], "next": None}]}
    )

    results: list[AccountJob]
    next: str | None = Field(
        description="where the next page is, without scheme and host; null: this is the last"
    )


class AccountJobRefusal(Answer):
    """One account with which nothing could be done, and why."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_REFUSAL]})

    account_uuid: HexText
    email: str | None
    code: str
    message: str
    hint: str
    can_retry: bool


class AccountJobRefusals(Answer):
    """Refusals, in the order of the accounts' ids."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"results": [_REFUSAL], "next": None}]}
    )

    results: list[AccountJobRefusal]
    next: str | None


class AccountJobOrdered(Answer):
    """A job that was asked for; `Location` says where to follow it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"job": "0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f", "accounts": 12, "state": "queued"}]
        },
    )

    job: HexText
    accounts: int
    state: Literal["queued", "running", "finished", "cancelled"]


class AccountsCounted(Answer):
    """What a job would be about. Nothing was changed."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "dry_run": True,
                    "action": "retry",
                    "accounts": 12,
                    "by_code": {"REFUSED": 12},
                    "by_state": {"erred": 12},
                }
            ]
        },
    )

    dry_run: Literal[True]
    action: Literal["retry", "close"]
    accounts: int
    by_code: dict[str, int]
    by_state: dict[Literal["pending", "ok", "erred", "closing", "closed"], int]
