"""What a submission is answered: the import's status, from the read model once that has seen the import."""

from typing import Any

from services.importer.metrics import SUBMISSIONS
from services.importer.showing import person, utc
from services.importer.submission.imports import Import, Imports
from services.importer.submission.read_model import ReadModel
from services.importer.submission.waiting import Waiting


class Answers:
    """Answers submissions."""

    def __init__(self, imports: Imports, waiting: Waiting, read_model: ReadModel) -> None:
        self._imports = imports
        self._waiting = waiting
        self._read_model = read_model

    async def first(self, submitted: Import) -> tuple[dict[str, Any], bool]:
        """Return the status of a new import, and whether the read model has seen it."""
        import_id = submitted.import_id
        seen = await self._waiting.seen(lambda: self._imports.acceptance(import_id))
        status = await self._read_model.status(import_id) if seen else None
        answer = status or initial_status(submitted)
        await self._imports.keep_answer(import_id, answer)
        SUBMISSIONS.labels("passed" if seen else "behind").inc()
        return answer, seen


def initial_status(submitted: Import) -> dict[str, Any]:
    """The status of an import of which nothing but its acceptance is known."""
    done = submitted.requested == 0
    when = utc(submitted.submitted_at)
    return {
        "uuid": submitted.import_id.hex,
        "state": "finished" if done else "running",
        "source": submitted.source,
        "project_uuid": submitted.project_id.hex,
        "created_by": person(submitted.author),
        "file": None,
        "submitted": when,
        "finished": when if done else None,
        "cancelled": None,
        "undo": None,
        "counts": {
            "rows": submitted.rows,
            "created": 0,
            "failed": 0,
            "pending": submitted.requested,
            "waiting": 0,
            "cancelled": 0,
            "closed": 0,
            "existing": 0,
            "duplicate": submitted.verdicts["duplicate"],
            "invalid": submitted.verdicts["invalid"],
        },
        "waiting": None,
        "timeline": [{"at": when, "what": "submitted", "by": person(submitted.author)}],
        "rate": 0.0,
        "eta_seconds": None,
        "version": 0,
        "as_of_age": 0.0,
        "poll_after": 3,
    }
