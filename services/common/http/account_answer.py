"""One course account as all three services answer it, in Waldur's fields: for the API document and for tests."""

from datetime import date, datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.common.http.types import HexText

AccountState = Literal["OK", "Closed", "Erred", "Pending"]
AccountPhase = Literal["queued", "retry_scheduled", "waiting_for_account_service", "closing", "close_failed"]

EXAMPLE: Final[dict[str, Any]] = {
    "url": "http://127.0.0.1:8080/api/marketplace-course-accounts/6c8f1f1e0b8c5f3c9d0f9a3b8e7d6c5b/",
    "uuid": "6c8f1f1e0b8c5f3c9d0f9a3b8e7d6c5b",
    "created": "2026-09-01T08:00:00.123456Z",
    "modified": "2026-09-01T08:00:02.654321Z",
    "project": "2f1d3a5b7c9e4f60a1b2c3d4e5f60718",
    "project_uuid": "2f1d3a5b7c9e4f60a1b2c3d4e5f60718",
    "project_name": "Introduction to Scientific Computing",
    "project_slug": "intro-scientific-computing",
    "project_start_date": "2026-09-01",
    "project_end_date": "2026-12-18",
    "user_uuid": "9b2d8e7f6a5c4b3d8e1f0a9b8c7d6e5f",
    "username": "ca-ada-7f3k",
    "customer_uuid": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "customer_name": "University of Examples",
    "state": "OK",
    "phase": None,
    "error_message": "",
    "error_traceback": "",
    "error_code": None,
    "error_hint": "",
    "phase_message": "",
    "next_attempt": None,
    "email": "ada@example.org",
    "description": "Group 1",
}


class CourseAccount(BaseModel):
    """What one person has in one course."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    url: str = Field(description="where the account is read, tried again and closed")
    uuid: HexText
    created: datetime | None = Field(
        description="when it was first asked for; null only in the answer to a command that could not ask the lists"
    )
    modified: datetime | None = Field(description="when it last changed; null as `created`")
    project: HexText
    project_uuid: HexText = Field(description="the same as `project`")
    project_name: str | None
    project_slug: str | None
    project_start_date: date | None
    project_end_date: date | None = Field(description="the last day of the course")
    user_uuid: str | None = Field(description="who asked for it first")
    username: str | None = Field(description="the name at the account service, once it is made")
    customer_uuid: HexText | None
    customer_name: str | None
    state: AccountState
    phase: AccountPhase | None = Field(description="what is being done about it; null at rest")
    error_message: str = Field(description="why it is Erred, as a sentence; else empty")
    error_traceback: Literal[""] = Field(description="always empty: it is there for clients that read it")
    error_code: str | None = Field(None, description="the code of why it is Erred, or could not be closed")
    error_hint: str = Field("", description="what to do about it, or about the wait")
    phase_message: str = Field(
        "", description="why it waits for another try, or is not closed, as a sentence"
    )
    next_attempt: datetime | None = Field(None, description="when it is tried again, where that is known")
    email: str
    description: str
