"""What becomes of the rows of a draft, counted."""

from collections.abc import Mapping

from schemas.facts import IfExists
from services.importer.domain.rows import SKIPPED, Verdict


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
