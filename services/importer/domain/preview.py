"""What a person is shown of a draft, and the fingerprint of exactly that."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from schemas.facts import IfExists
from services.importer.domain.rows import SKIPPED, StagedRow, Verdict


class Preview:
    """Counts and fingerprint of staged rows, in row order. Two previews of one hash have the same rows and verdicts."""

    def __init__(self, project_id: UUID) -> None:
        self._counts: Counter[Verdict] = Counter()
        self._hash = hashlib.sha256(project_id.bytes)

    def add(self, rows: Sequence[StagedRow]) -> None:
        """Take the next rows into account."""
        self._counts.update(row.verdict for row in rows)
        parts = [
            f"{row.row}\x1f{row.line}\x1f{row.email}\x1f{row.description}\x1f{row.verdict}"
            f"\x1f{row.code}\x1f{row.duplicate_of}\x1e"
            for row in rows
        ]
        self._hash.update("".join(parts).encode())

    @property
    def rows(self) -> int:
        """How many rows were added."""
        return self._counts.total()

    @property
    def verdicts(self) -> dict[str, int]:
        """Rows for each verdict, zeros included."""
        return {verdict.value: self._counts[verdict] for verdict in Verdict}

    def hexdigest(self) -> str:
        """The fingerprint so far."""
        return self._hash.hexdigest()


def requested(verdicts: Mapping[str, int]) -> int:
    """Rows that become requests."""
    return sum(count for verdict, count in verdicts.items() if verdict not in SKIPPED)


def to_create(verdicts: Mapping[str, int], choices: IfExists) -> int:
    """Accounts that would be made (or made again) with these choices."""
    return (
        verdicts[Verdict.NEW]
        + (verdicts[Verdict.EXISTING_ERRED] if choices.erred == "retry" else 0)
        + (verdicts[Verdict.EXISTING_CLOSED] if choices.closed == "reopen" else 0)
    )
