"""The answer about what waits, for the API document: what `report.py` and `api.py` make."""

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import Field

from services.common.http.problem_answer import problems
from services.common.http.types import HexText
from services.projector.web.documented import ID, OTHER_ID, THIRD_ID, Answer, MaybeId, example

TAG: Final = "operators"

_SINCE: Final = "2026-09-01T08:00:03Z"
_AGAIN: Final = "2026-09-01T08:00:11Z"
_SENTENCE: Final = "The account service cannot be reached."
_SUM: Final = {"count": 6, "oldest_since": _SINCE, "next_attempt": _AGAIN}
_PROJECT: Final = {"project_uuid": OTHER_ID, "project_name": "Introduction to Scientific Computing"}


class WaitingSum(Answer):
    """Several that wait: how many, since when the oldest does, and when the next is tried."""

    count: int
    oldest_since: datetime | None
    next_attempt: datetime | None


class WaitingCause(WaitingSum):
    """What waits for one reason."""

    code: str | None
    sentence: str


class WaitingProject(WaitingSum):
    """What waits in one project."""

    project_uuid: MaybeId
    project_name: str | None


class WaitingImport(WaitingProject):
    """What waits in one import."""

    import_: HexText = Field(alias="import")


class WaitingTarget(Answer):
    """How the account service stands, as far as the log says."""

    state: Literal["answering", "paused"]
    since: datetime | None
    code: str | None
    reason: str | None
    next_probe: datetime | None


class WaitingRow(Answer):
    """A row that waits."""

    account_uuid: MaybeId
    import_: HexText = Field(alias="import")
    row: int
    code: str | None
    sentence: str
    since: datetime | None
    attempts: int
    next_attempt: datetime | None


class Waiting(Answer):
    """What waits, by cause, project and import, those with most first."""

    model_config = example(
        {
            "total": 6,
            "retrying": 6,
            "pending": 0,
            "oldest_since": _SINCE,
            "next_attempt": _AGAIN,
            "target": {"state": "answering", "since": None, "code": None, "reason": None, "next_probe": None},
            "causes": [{"code": "TARGET_UNREACHABLE", "sentence": _SENTENCE, **_SUM}],
            "projects": [{**_PROJECT, **_SUM}],
            "imports": [{"import": ID, **_PROJECT, **_SUM}],
            "oldest": [
                {
                    "account_uuid": THIRD_ID,
                    "import": ID,
                    "row": 3,
                    "code": "TARGET_UNREACHABLE",
                    "sentence": _SENTENCE,
                    "since": _SINCE,
                    "attempts": 2,
                    "next_attempt": _AGAIN,
                }
            ],
        }
    )

    total: int
    retrying: int = Field(description="wait for another attempt")
    pending: int = Field(description="wait for the account service, which is paused")
    oldest_since: datetime | None
    next_attempt: datetime | None
    target: WaitingTarget
    causes: list[WaitingCause]
    projects: list[WaitingProject]
    imports: list[WaitingImport]
    oldest: list[WaitingRow] = Field(description="the rows that wait longest")


WAITING_NOW: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": Waiting, "description": "All that waits, from one moment."},
    **problems(400),
}
