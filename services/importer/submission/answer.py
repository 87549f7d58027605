"""What a submission is answered: the import's status, from the read model once that has seen the import."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from services.importer.metrics import SUBMISSIONS
from services.importer.publishing.publisher import Publisher
from services.importer.submission.imports import Import, Imports
from services.importer.submission.read_model import ReadModel

WAIT_S: Final = 2.0
_LOOK_EVERY_S: Final = 0.1


class Answers:
    """Waits, within two seconds, until an unchanged client would read what it wrote."""

    def __init__(
        self,
        imports: Imports,
        publisher: Publisher,
        read_model: ReadModel,
        *,
        topic: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._imports = imports
        self._publisher = publisher
        self._read_model = read_model
        self._topic = topic
        self._monotonic = monotonic

    async def first(self, submitted: Import) -> tuple[dict[str, Any], bool]:
        """Return the status of a new import, and whether the read model has seen it."""
        self._publisher.wake()
        seen = await self._seen(submitted)
        status = await self._read_model.status(submitted.import_id) if seen else None
        answer = status or initial_status(submitted)
        await self._imports.keep_answer(submitted.import_id, answer)
        SUBMISSIONS.labels("passed" if seen else "behind").inc()
        return answer, seen

    async def _seen(self, submitted: Import) -> bool:
        deadline = self._monotonic() + WAIT_S
        while (place := await self._imports.acceptance(submitted.import_id)) is None:
            left = deadline - self._monotonic()
            if left <= 0:
                return False
            await self._publisher.moved(min(left, _LOOK_EVERY_S))
        left = max(0.0, deadline - self._monotonic())
        return await self._read_model.passed(self._topic, *place, left)


def initial_status(submitted: Import) -> dict[str, Any]:
    """The status of an import of which nothing but its acceptance is known."""
    done = submitted.requested == 0
    when = _text(submitted.submitted_at)
    return {
        "uuid": submitted.import_id.hex,
        "state": "finished" if done else "running",
        "source": submitted.source,
        "project_uuid": submitted.project_id.hex,
        "created_by": submitted.author,
        "submitted": when,
        "finished": when if done else None,
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
        "rate": None,
        "eta_seconds": None,
        "version": 0,
        "as_of_age": 0.0,
        "poll_after": 3,
    }


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
