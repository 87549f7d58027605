"""Answers about replays, for the API document: what `answers.py` makes."""

from datetime import datetime
from typing import Any, Final

from pydantic import Field

from services.common.http.problem_answer import problems
from services.common.http.types import HexText
from services.projector.comparing.answers import ComparisonAnswer
from services.projector.replay.model import Command, Kind, State
from services.projector.web.documented import OTHER_ID, THIRD_ID, Answer, MaybeId, Next, Person, example

EXAMPLE: Final = {
    "uuid": OTHER_ID,
    "kind": "build",
    "state": "building",
    "edition": "current",
    "set": "projector_b",
    "project_uuid": None,
    "author": THIRD_ID,
    "reason": "After the change of the counts.",
    "asked": "2026-09-01T08:00:00Z",
    "started": "2026-09-01T08:00:01Z",
    "ended": None,
    "until": None,
    "until_offsets": [],
    "total": 1000000,
    "done": 250000,
    "rate": 45000.0,
    "seconds_left": 16.7,
    "error": None,
    "equal": None,
    "comparison": None,
    "swapped": None,
    "replaced_set": None,
    "commands": ["cancel"],
}
_ACTION: Final = {"time": "2026-09-01T08:00:00Z", "author": THIRD_ID, "action": "ask", "detail": ""}


class ReplayPlace(Answer):
    """The next offset of a partition."""

    topic: str
    partition: int
    next_offset: int


class ReplayError(Answer):
    """Why it failed."""

    code: str
    message: str | None


class Replay(Answer):
    """A set that is built again from the log."""

    model_config = example(EXAMPLE)

    uuid: HexText
    kind: Kind = Field(
        description="to take the place of the set in use, to be compared with it, or to be asked"
    )
    state: State
    edition: str = Field(description="which logic")
    set: str | None = Field(description="where its tables are: the value of Read-Model-Set that asks it")
    project_uuid: MaybeId = Field(description="of a scratch set that holds one project")
    author: Person
    reason: str
    asked: datetime
    started: datetime | None
    ended: datetime | None
    until: datetime | None
    until_offsets: list[ReplayPlace]
    total: int | None = Field(description="records to read")
    done: int
    rate: float = Field(description="records a second")
    seconds_left: float | None
    error: ReplayError | None
    equal: bool | None = Field(description="whether the last comparison found it the same")
    comparison: ComparisonAnswer | None = Field(description="the last comparison; always null in lists")
    swapped: datetime | None
    replaced_set: str | None
    commands: list[Command] = Field(description="what may be done with it now")


class ReplayAction(Answer):
    """Who did what."""

    time: datetime
    author: Person
    action: str
    detail: Any


class OneReplay(Replay):
    """A replay and who did what with it."""

    model_config = example({**EXAMPLE, "actions": [_ACTION]})

    actions: list[ReplayAction]


class ReadModelSet(Answer):
    """All read models at one place of the log."""

    set: str
    edition: str
    state: str
    active: bool = Field(description="whether it is the one that answers")
    made: datetime
    replay: MaybeId


class Replays(Answer):
    """Replays, the newest first, and the sets there are."""

    model_config = example(
        {
            "results": [EXAMPLE],
            "next": None,
            "sets": [
                {
                    "set": "projector",
                    "edition": "current",
                    "state": "fed",
                    "active": True,
                    "made": "2026-08-01T08:00:00Z",
                    "replay": None,
                }
            ],
        }
    )

    results: list[Replay]
    next: Next
    sets: list[ReadModelSet]


LIST: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": Replays, "description": "A page of replays."},
    **problems(400, 404),
}
ASKED: Final[dict[int | str, dict[str, Any]]] = {
    202: {"model": Replay, "description": "It begins within a second."},
    **problems(400, 404, 409, 413),
}
ONE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": OneReplay, "description": "The replay."},
    **problems(404),
}
COMMANDED: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": Replay, "description": "The replay as it is now."},
    **problems(404, 409),
}
SWAPPED: Final[dict[int | str, dict[str, Any]]] = COMMANDED | problems(400, 413)
