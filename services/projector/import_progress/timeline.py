"""What people did to an import and how far that got: cancel, undo, and all of it in the order of time. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from schemas.row_class import RowClass
from services.projector.web.answers import text_id, utc

Totals = Mapping[str, Any]


def timeline_of(totals: Totals, counts: Mapping[RowClass, int], state: str) -> list[dict[str, Any]]:
    """What happened to the import, in the order of time: `at`, `what`, and `by` whom if a person did it.

    `what` is one of submitted, cancel_requested, finished, cancelled, undo_started, undone; the last of an import
    that is at rest says how it ended.
    """
    undo, settled = totals["undo_started"], totals["settled"]
    at_rest = not counts[RowClass.PENDING] and not counts[RowClass.WAITING]
    steps: list[tuple[datetime | None, str, str | None]] = [
        (totals["submitted"], "submitted", totals["author"]),
        (totals["cancelled"], "cancel_requested", totals["cancelled_by"]),
        (undo, "undo_started", totals["undone_by"]),
    ]
    if at_rest and (undo is None or (settled is not None and settled < undo)):
        steps.append((settled, "finished" if totals["cancelled"] is None else "cancelled", None))
    if state == "undone":
        steps.append((_undone_at(totals), state, None))
    told = sorted(((at, what, by) for at, what, by in steps if at is not None), key=lambda step: step[0])
    return [{"at": utc(at), "what": what, "by": text_id(by)} for at, what, by in told]


def cancelled_of(totals: Totals) -> dict[str, Any] | None:
    """Who cancelled the import, when and why; `last_row`: rows after it were never asked for."""
    if totals["cancelled"] is None:
        return None
    return {
        "at": utc(totals["cancelled"]),
        "by": text_id(totals["cancelled_by"]),
        "reason": totals["cancel_reason"] or "",
        "last_row": totals["last_row"],
    }


def undo_of(totals: Totals, counts: Mapping[RowClass, int], state: str) -> dict[str, Any] | None:
    """Accounts by what the undo came to: to be closed still, closed, kept, and those that could not be closed."""
    if totals["undo_started"] is None:
        return None
    return {
        "at": utc(totals["undo_started"]),
        "by": text_id(totals["undone_by"]),
        "reason": totals["undo_reason"] or "",
        "finished": utc(_undone_at(totals)) if state == "undone" else None,
        "open": totals["to_close"],
        "closed": counts[RowClass.CLOSED],
        "kept": totals["kept"],
        "failed": totals["unclosed"],
    }


def _undone_at(totals: Totals) -> datetime | None:
    """When the last row had its answer, or the last one became final; an undo with nothing to do ends at once."""
    times = (totals["undo_started"], totals["answered"], totals["settled"])
    return max((time for time in times if time is not None), default=None)
