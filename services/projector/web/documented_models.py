"""The answer about read models, for the API document: what `read_models.py` makes."""

from datetime import datetime
from typing import Any, Final

from pydantic import Field

from services.projector.web.documented import Answer, example

TAG: Final = "operators"

_POSITION: Final = {
    "topic": "course-accounts.log.v1",
    "partition": 0,
    "next_offset": 4711,
    "records_ahead": 0,
    "oldest_unprocessed_seconds": 0.0,
    "as_of": "2026-09-01T08:00:03Z",
}


class ReadPosition(Answer):
    """How far one partition has been read."""

    topic: str
    partition: int
    next_offset: int
    records_ahead: int | None = Field(description="null while the end of the log is not known")
    oldest_unprocessed_seconds: float = Field(description="how old the oldest event is that is lacking")
    as_of: datetime | None


class ReadModelState(Answer):
    """A read model and how far it is."""

    name: str
    version: int = Field(description="rises with its logic")
    question: str = Field(description="what it answers")
    set: str = Field(description="where its tables are")
    records_ahead: int | None = Field(description="null while the end of the log is not known")
    oldest_unprocessed_seconds: float
    positions: list[ReadPosition]


class ReadModels(Answer):
    """Every read model of the set that answers."""

    model_config = example(
        {
            "results": [
                {
                    "name": "import_progress",
                    "version": 3,
                    "question": "How far is an import, and how fast does it go?",
                    "set": "projector",
                    "records_ahead": 0,
                    "oldest_unprocessed_seconds": 0.0,
                    "positions": [_POSITION],
                }
            ],
            "next": None,
        }
    )

    results: list[ReadModelState]
    next: None


READ_MODELS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": ReadModels, "description": "The read models, in the order in which an event passes them."}
}
