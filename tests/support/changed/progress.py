"""Progress of imports in its next version: `rate` no longer forgets by time, it is the time between the last two rows.

So one column differs, everything else must not.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.projector.core.model import Apply, Change, Located
from services.projector.import_progress.fold import place
from services.projector.import_progress.model import IMPORT_PROGRESS
from services.projector.import_progress.store import ProgressFold
from services.projector.registry import EDITIONS, READ_MODELS


class LastGap(ProgressFold):
    """As before, but `rate` is one by the time since the row before; one a second where there is none."""

    @property
    def apply(self) -> Apply:
        """Folds one event."""
        usual, memory = super().apply, self._memory

        def changed(event: Located, change: Change | None) -> Change | None:
            touched = () if change is None else change.claims
            before = {c.now.import_id: self._last(c.now.import_id, event.partition) for c in touched}
            found = usual(event, change)
            for import_id, last in before.items():
                now = self._last(import_id, event.partition)
                if now != last and now is not None:
                    gap = (now - last).total_seconds() if last is not None else 0.0
                    memory.progress[place(import_id, event.partition)].rate = 1 / gap if gap > 0 else 1.0
            return found

        return changed

    def _last(self, import_id: UUID, partition: int) -> datetime | None:
        found = self._memory.progress.get(place(import_id, partition))
        return None if found is None else found.rate_at


NEXT_PROGRESS = replace(IMPORT_PROGRESS, version=IMPORT_PROGRESS.version + 1, fold=LastGap)
NEXT = tuple(NEXT_PROGRESS if model is IMPORT_PROGRESS else model for model in READ_MODELS)
BOTH = {**EDITIONS, "next": NEXT}
