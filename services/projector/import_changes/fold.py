"""The rows that each batch changes, by import and partition."""

from dataclasses import dataclass, field
from uuid import UUID

from schemas.facts.imports import ImportFact
from services.projector.core.model import Change, Located
from services.projector.import_progress.fold import HANDLES as ABOUT_PROGRESS
from services.projector.import_progress.fold import place

HANDLES = ABOUT_PROGRESS
"""Whatever raises the version of an import."""

MOST_NAMED = 64
"""Rows that an entry names one by one."""
MOST_ENTRIES = 1_000
"""Entries of one batch; what is left out is a gap, which readers notice."""


@dataclass(slots=True)
class Touched:
    """What one batch did to one import in one partition."""

    import_id: UUID
    partition: int
    events: int = 0
    rows: set[int] = field(default_factory=set)
    whole: bool = False
    """Whether a fact about the import as a whole was among them: it may change any row. Nobody knows here whether it
    was told before, so `events` may then be too many, which does no harm where any row may have changed."""


class ChangesInMemory:
    """What the batch touched, by `import_progress.fold.place`."""

    def __init__(self) -> None:
        self.touched: dict[int, Touched] = {}

    def apply(self, event: Located, change: Change | None) -> Change | None:
        """Fold one event: each is one version of its import, or of every import with a claim on the account."""
        if change is not None:
            claims = change.claims
            if len(claims) == 1:  # nearly always
                touched = self._of(claims[0].now.import_id, event.partition)
                touched.events += 1
                touched.rows.add(claims[0].now.row)
            else:
                found = [(self._of(claim.now.import_id, event.partition), claim.now.row) for claim in claims]
                for touched, row in found:
                    touched.rows.add(row)
                for touched in {id(touched): touched for touched, _ in found}.values():
                    touched.events += 1
        elif isinstance(event.fact, ImportFact):
            touched = self._of(event.fact.import_id, event.partition)
            touched.events += 1
            touched.whole = True
        return change

    def _of(self, import_id: UUID, partition: int) -> Touched:
        key = place(import_id, partition)
        touched = self.touched.get(key)
        if touched is None:
            touched = self.touched[key] = Touched(import_id, partition)
        return touched
