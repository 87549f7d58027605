"""What `/api/tokens/`, `/api/session/`, `/api/sign-ins/` and `/api/audit/` take and answer."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from services.common.access.project_roles import LONGEST_USER_ID
from services.common.http import HexId

PLAIN = r"^[^\x00-\x1f\x7f]*$"
UserId = Annotated[str, Field(min_length=1, max_length=LONGEST_USER_ID, pattern=PLAIN, examples=["mari"])]
Secret = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[!-~]+$")]
_MOST_PROJECTS = 1000
_TOKEN: dict[str, JsonValue] = {
    "uuid": "5d3f0c1b2a4e6f708192a3b4c5d6e7f8",
    "user_id": "mari",
    "staff": False,
    "may_write": True,
    "projects": None,
    "note": "the script that imports on Mondays",
    "created": "2026-09-01T08:00:00Z",
    "created_by": "mari",
    "expires": "2026-11-30T08:00:00Z",
    "last_used": None,
    "revoked": None,
}
_SESSION: dict[str, JsonValue] = {
    "user_id": "mari",
    "staff": False,
    "may_write": True,
    "expires": "2026-09-01T20:00:00Z",
}
_INVITATION: dict[str, JsonValue] = {
    "sign_in": "rV3wQmZ0",
    "url": "http://127.0.0.1:8080/#sign-in=rV3wQmZ0",
    "user_id": "mari",
    "staff": False,
    "expires": "2026-09-01T08:15:00Z",
}
_ENTRY: dict[str, JsonValue] = {
    "number": 17,
    "time": "2026-09-01T08:00:00Z",
    "user_id": "mari",
    "staff": False,
    "credential": "5d3f0c1b-2a4e-6f70-8192-a3b4c5d6e7f8",
    "service": "importer",
    "action": "submit_draft",
    "objects": ["4e5f60718293a4b5c6d7e8f90a1b2c3d"],
    "project_uuid": "2f1d3a5b7c9e4f60a1b2c3d4e5f60718",
    "status": 202,
    "request_id": "9f86d081884c7d65",
}


class TokenBody(BaseModel):
    """What a new token shall be."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"may_write": True, "note": "the script that imports on Mondays"}]},
    )

    user_id: UserId | None = Field(default=None, description="whose; yours, unless you are staff")
    staff: bool = Field(default=False, description="with the rights of staff")
    may_write: bool = Field(default=False, description="may change things, not only read")
    projects: list[HexId] | None = Field(
        default=None, max_length=_MOST_PROJECTS, description="for these projects only; null: all you see"
    )
    expires: AwareDatetime | None = Field(
        default=None, description="when it ends; null: after 90 days, or with the token it is made with"
    )
    note: str = Field(default="", max_length=500, pattern=PLAIN, description="what it is for")


class TokenAnswer(BaseModel):
    """A token, without its secret."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_TOKEN]})

    uuid: HexId
    user_id: str
    staff: bool
    may_write: bool
    projects: list[HexId] | None = Field(description="null: all that its holder sees")
    note: str
    created: datetime
    created_by: str | None = Field(description="null: it was made with the installation")
    expires: datetime | None
    last_used: datetime | None = Field(description="to the minute")
    revoked: datetime | None


class NewTokenAnswer(TokenAnswer):
    """A new token. Its secret is shown this once."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{**_TOKEN, "token": "rV3wQmZ0"}]}
    )

    token: str = Field(examples=["rV3wQmZ0"])


class TokensAnswer(BaseModel):
    """A page of tokens, the newest first."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"results": [_TOKEN], "next": None}]}
    )

    results: list[TokenAnswer]
    next: str | None


class SignInBody(BaseModel):
    """How to sign in: with the one-time token of a printed address, or with an API token."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"sign_in": "rV3wQmZ0"}]})

    sign_in: Secret | None = None
    token: Secret | None = None


class SessionAnswer(BaseModel):
    """Who is signed in."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_SESSION]})

    user_id: str
    staff: bool
    may_write: bool
    expires: datetime | None


class InvitationBody(BaseModel):
    """Whom to let in."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"user_id": "mari"}]})

    user_id: UserId
    staff: bool = False


class InvitationAnswer(BaseModel):
    """An address that signs somebody in, once. It is shown this once."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_INVITATION]})

    sign_in: str
    url: str
    user_id: str
    staff: bool
    expires: datetime


class AuditEntry(BaseModel):
    """Who did what."""

    model_config = ConfigDict(extra="forbid")

    number: int
    time: datetime
    user_id: str
    staff: bool
    credential: str = Field(description="the uuid of the token or session")
    service: str
    action: str = Field(description="the operation's id in the OpenAPI document")
    objects: list[str] = Field(description="what it was about: ids, and parts such as `row/3`")
    project_uuid: HexId | None
    status: int
    request_id: str


class AuditAnswer(BaseModel):
    """A page of the audit trail, the newest first."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"results": [_ENTRY], "next": None}]}
    )

    results: list[AuditEntry]
    next: str | None
