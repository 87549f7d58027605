"""When an import may be cancelled, undone or corrected: pure decisions over what is recorded and what is seen."""

from dataclasses import dataclass
from typing import Final

from services.importer.domain.submission import Accepted, Again, Decision, Refused

_OVER: Final = frozenset({"finished", "cancelled", "undoing", "undone"})


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was asked of an import before."""

    cancel: bool = False
    undo: bool = False
    purged: bool = False


GONE: Final = Refused(
    410, "IMPORT_GONE", "The rows of this import were removed: its project was deleted long ago."
)
NOT_FOUND: Final = Refused(404, "NOT_FOUND", "There is no such import.")
ROW_NOT_FOUND: Final = Refused(404, "NOT_FOUND", "The import has no such row.")


def decide_cancel(recorded: Recorded, state: str | None) -> Decision:
    """Whether to cancel; `state` is the import's as people see it, None if nobody can say now."""
    if recorded.purged:
        return GONE
    if state in _OVER or (recorded.undo and not recorded.cancel):
        return Refused(
            409,
            "NOTHING_TO_CANCEL",
            "Nothing of this import is left to start. To close what it created, undo it.",
        )
    return Again() if recorded.cancel else Accepted()


def decide_undo(recorded: Recorded, state: str | None) -> Decision:
    """Whether to undo; `state` as above."""
    if recorded.purged:
        return GONE
    if not recorded.undo:
        return Accepted()
    if state == "undone":
        return Refused(409, "ALREADY_UNDONE", "This import was undone already.")
    return Again()


def needs_cancel(recorded: Recorded, state: str | None) -> bool:
    """Whether an undo has to stop the import first. When in doubt it does: that harms nothing."""
    return not recorded.cancel and state not in ("finished", "cancelled")


def refuse_correction(recorded: Recorded) -> Refused | None:
    """Why no row of the import may be corrected any more."""
    if recorded.purged:
        return GONE
    if recorded.undo:
        return Refused(
            409, "IMPORT_UNDONE", "This import was undone: upload a corrected file to ask for accounts again."
        )
    if recorded.cancel:
        return Refused(
            409,
            "IMPORT_CANCELLED",
            "This import was cancelled: upload a corrected file to ask for accounts again.",
        )
    return None
