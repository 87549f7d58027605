"""What is answered about parked records is exactly what the API document says, and its examples are real."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import pytest
from pydantic import BaseModel

from services.common.parked import answers, job_models, models
from services.common.parked.model import Cause, Opened, Parked, Place, Try
from services.common.parked.orders import Counted, Failure, ParkedJob, ParkedOrder

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
JOB_ID = UUID(int=7)
HEADERS: list[tuple[str, bytes | None]] = [("ce_type", b"x"), ("empty", None), ("odd", b"\xff")]
NEW = Parked(
    place=Place("log", 3, 12),
    code="BAD_FACT",
    reason="it does not fit",
    written_at=NOW,
    parked_at=NOW,
    state="parked",
    tries=0,
    tried_at=None,
    settled_at=None,
    settled_by=None,
    headers=None,
    size=None,
)
SETTLED = Parked(
    place=Place("log", 3, 13),
    code="NO_VALUE",
    reason="",
    written_at=NOW,
    parked_at=NOW,
    state="redriven",
    tries=2,
    tried_at=NOW,
    settled_at=NOW,
    settled_by=JOB_ID,
    headers=HEADERS,
    size=3,
)
TRIES = [Try(JOB_ID, "redrive", "mari", "mended", "failed", "BAD_FACT", "still", NOW)]
ORDER = ParkedOrder(action="redrive", author="mari", reason="mended")


def job(**changes: Any) -> ParkedJob:
    """A job that has begun, or as said."""
    usual: dict[str, Any] = {
        "job_id": JOB_ID,
        "action": "redrive",
        "author": "mari",
        "reason": "",
        "named": False,
        "codes": ["BAD_FACT"],
        "topic": None,
        "rate": 50.0,
        "state": "running",
        "total": 10,
        "done": 3,
        "failed": 1,
        "passed": 0,
        "created_at": NOW,
        "started_at": NOW,
        "finished_at": None,
        "cancelled_by": None,
    }
    return ParkedJob(**{**usual, **changes})


def job_answer(one: ParkedJob) -> dict[str, Any]:
    """As it is answered."""
    return answers.job_answer(one, NOW, "importer", "/api/parked/importer/jobs/7/")


@pytest.mark.parametrize(
    ("model", "answer"),
    [
        (models.ParkedRecord, answers.record_answer(NEW, "importer")),
        (models.ParkedRecord, answers.record_answer(SETTLED, "importer")),
        (models.ParkedRecordOpened, answers.opened_answer(Opened(NEW, None, None, []), "importer")),
        (models.ParkedRecordOpened, answers.opened_answer(Opened(SETTLED, b"k", b"\xff", TRIES), "importer")),
        (models.ParkedCause, answers.cause_answer(Cause("log", "BAD_FACT", 3, NOW, NOW), "importer")),
        (job_models.ParkedJob, job_answer(job())),
        (job_models.ParkedJob, job_answer(job(state="queued", started_at=None))),
        (job_models.ParkedJob, job_answer(job(state="cancelled", finished_at=NOW, cancelled_by="mari"))),
        (
            job_models.ParkedFailure,
            answers.failure_answer(Failure(1, Place("log", 3, 12), "BAD_FACT", "why")),
        ),
        (job_models.ParkedCounted, answers.counted_answer(ORDER, Counted(12, 10, {"BAD_FACT": 12}))),
    ],
)
def test_answer_is_as_documented(model: type[BaseModel], answer: dict[str, Any]) -> None:
    """Every field is there, of its type, and no other."""
    model.model_validate_json(orjson.dumps(answer), strict=True)


@pytest.mark.parametrize(
    "model",
    [
        models.ParkedRecord,
        models.ParkedRecords,
        models.ParkedRecordOpened,
        job_models.ParkedJob,
        job_models.ParkedJobs,
        job_models.ParkedFailures,
        job_models.ParkedOrdered,
        job_models.ParkedCounted,
    ],
)
def test_example_fits_its_model(model: type[BaseModel]) -> None:
    """An example that is shown could be an answer."""
    for example in model.model_json_schema()["examples"]:
        model.model_validate_json(orjson.dumps(example), strict=True)
