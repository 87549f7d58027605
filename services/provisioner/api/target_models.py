"""The account service and the comparison with it, as the API document describes them; `target` and `orphans` answer."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field

from services.common.http.types import HexText
from services.provisioner.api.models import Answer

_TARGET: Final[dict[str, Any]] = {
    "name": "default",
    "state": "paused",
    "since": "2026-09-01T08:00:00Z",
    "code": "PAUSED_BY_OPERATOR",
    "reason": "The operators have paused the work with the account service.",
    "next_attempt": None,
    "paused": {"by": "operator", "reason": "moving house", "since": "2026-09-01T08:00:00Z"},
    "rate": 40.0,
    "copies": 2,
    "calls": {"under_way": 0, "last_minute": {"answered": 1200, "unclear": 0, "not_taken": 0}},
}


class TargetPause(Answer):
    """An operator's pause."""

    by: str
    reason: str
    since: datetime


class CallsOfAMinute(Answer):
    """What calls came to: an answer, none that is clear, or the target took none."""

    answered: int
    unclear: int
    not_taken: int


class TargetCalls(Answer):
    """Calls of all copies."""

    under_way: int
    last_minute: CallsOfAMinute


class AccountService(Answer):
    """The account service as all copies see it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_TARGET]})

    name: str
    state: Literal["up", "held", "down", "paused"] = Field(
        description="held: it asked for patience; down: it does not answer, and only probes are made; "
        "paused: by an operator"
    )
    since: datetime | None
    code: str | None = Field(description="why it is not up")
    reason: str | None = Field(description="the code as a sentence")
    next_attempt: datetime | None
    paused: TargetPause | None
    rate: float | None = Field(description="most calls a second, all copies together; null: no limit")
    copies: int = Field(description="provisioners that are up")
    calls: TargetCalls


class ComparisonProgress(Answer):
    """So many accounts of the account service are listed."""

    type: Literal["progress"]
    listed: int


class OrphanFound(Answer):
    """An account that only one side knows as live. `checked`: it was looked at once more."""

    type: Literal["orphan"]
    where: Literal["target", "ours"]
    username: str
    email: str | None
    scope: str | None
    account_uuid: HexText | None
    checked: bool


class ComparisonFinished(Answer):
    """The last line of a comparison that came to its end."""

    type: Literal["finished"]
    listed: int
    at_target: int
    ours: int
    complete: bool = Field(description="false: there are more orphans than are told")


class ComparisonFailed(Answer):
    """The last line of one that did not."""

    type: Literal["error"]
    code: str
    message: str
    hint: str


ComparisonLine = Annotated[
    ComparisonProgress | OrphanFound | ComparisonFinished | ComparisonFailed, Field(discriminator="type")
]
"""One line of the answer."""
