"""Answers about what happened to an account, for the API document: what `answers.py` makes."""

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import Field

from services.common.http.problem_answer import problems
from services.projector.web.documented import ID, THIRD_ID, Answer, MaybeId, Next, Person, example

EventName = Literal[
    "requested",
    "met",
    "cancelled",
    "created",
    "retried",
    "failed",
    "close_requested",
    "closed",
    "close_failed",
    "kept",
    "unknown",
]


class EventData(Answer):
    """What an event said besides its claim; a field that says nothing is left out."""

    username: str | None = None
    found: str | None = Field(None, description="in which state a later row met the account")
    asked_by: str | None = Field(None, description="of another attempt: policy, person or claim")
    cause: str | None = Field(None, description="why the account was to be closed")
    reason: str | None = Field(None, description="why an undo left the account alone")
    code: str | None = None
    message: str | None = None
    detail: str | None = None
    effect: str | None = Field(
        None, description="none, or unknown: it may exist at the account service all the same"
    )
    can_retry: bool | None = None
    adopted: bool | None = Field(
        None, description="the account was found at the account service, and is ours"
    )
    attempts: int | None = None
    revision: int | None = Field(None, description="how often the row had been corrected")
    life: int | None = Field(
        None, description="from one making of the account to its closing; a reopened one has more"
    )
    next_attempt: datetime | None = None
    expires: datetime | None = None


class AccountEvent(Answer):
    """One event of an account."""

    time: datetime
    event: EventName
    sentence: str = Field(description="the event in words")
    by: Person | None = Field(description="who asked for it, where a person did")
    data: EventData
    import_: MaybeId = Field(alias="import", description="the import whose row it was about")
    row: int | None


class AccountHistory(Answer):
    """Everything that happened to an account, in order: each event once."""

    model_config = example(
        {
            "results": [
                {
                    "time": "2026-09-01T08:00:00Z",
                    "event": "requested",
                    "sentence": "Row 3 of an import asked for the account.",
                    "by": THIRD_ID,
                    "data": {},
                    "import": ID,
                    "row": 3,
                },
                {
                    "time": "2026-09-01T08:00:02Z",
                    "event": "created",
                    "sentence": "The account ca-ada-7f3k was made.",
                    "by": None,
                    "data": {"username": "ca-ada-7f3k"},
                    "import": ID,
                    "row": 3,
                },
            ],
            "next": None,
        }
    )

    results: list[AccountEvent]
    next: Next


HISTORY: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": AccountHistory, "description": "A page of the story."},
    **problems(400, 404),
}
