"""The status of an import from its totals: what `GET /api/course-imports/{uuid}/` answers. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from schemas.codes import explain
from schemas.row_class import RowClass
from services.projector.import_progress.rate import rate_now
from services.projector.import_progress.timeline import cancelled_of, timeline_of, undo_of
from services.projector.web.answers import hex_id, text_id, utc

Totals = Mapping[str, Any]
"""One row of `some_imports` or `newest_imports`."""

POLL_SOON_S = 1
"""While an import is young or nearly done: somebody watches, and it may end any moment."""
POLL_RUNNING_S = 3
POLL_DONE_S = 30
MOVING = frozenset({"running", "cancelling", "undoing"})
"""States that end by themselves."""
_SLOWEST = 0.001
_YOUNG_S = 15
_NEARLY_DONE_S = 5


def counts_of(totals: Totals) -> dict[RowClass, int]:
    """Rows by class. What no other class has is pending, so the sum is always exactly the rows."""
    counts: dict[RowClass, int] = {
        row_class: totals[f"n_{row_class}"] for row_class in RowClass if row_class is not RowClass.PENDING
    }
    counts[RowClass.CANCELLED] += totals["unsent"] or 0
    for name, number in orjson.loads(totals["superseded"] or "{}").items():
        row_class = RowClass(name)
        if row_class is not RowClass.PENDING:
            counts[row_class] -= number
    pending = max(0, totals["rows"] - sum(counts.values()))
    if totals["paused"]:
        counts[RowClass.WAITING] += pending
        pending = 0
    counts[RowClass.PENDING] = pending
    return counts


def state_of(totals: Totals, counts: Mapping[RowClass, int]) -> str:
    """The state of the import, derived from its facts and its rows."""
    open_rows = counts[RowClass.PENDING] + counts[RowClass.WAITING]
    if totals["undo_started"] is not None:
        return "undoing" if open_rows or totals["to_close"] else "undone"
    if totals["cancelled"] is not None:
        return "cancelling" if open_rows else "cancelled"
    return "running" if open_rows else "finished"


def etag_of(totals: Totals, model_version: int) -> str:
    """The entity tag; it changes whenever anything in the answer does, save for the passing of time."""
    return f'"{model_version}-{totals["version"]}-{totals["target_changes"]}"'


def status_of(totals: Totals, now: datetime) -> dict[str, Any]:
    """The answer, in the order of the contract."""
    lasting = lasting_of(totals)
    return {**lasting.answer, **passing_of(totals, lasting, now)}


class Lasting(NamedTuple):
    """The part of an answer that only an event changes."""

    answer: dict[str, Any]
    open_rows: int
    moving: bool
    """Whether the state ends by itself."""
    waiting: bool
    """Whether any row waits."""


def lasting_of(totals: Totals) -> Lasting:
    """What the entity tag stands for, without the version."""
    counts = counts_of(totals)
    state = state_of(totals, counts)
    open_rows = counts[RowClass.PENDING] + counts[RowClass.WAITING]
    answer = {
        "uuid": hex_id(totals["import_id"]),
        "state": state,
        "source": totals["source"],
        "project_uuid": hex_id(totals["project_id"]),
        "created_by": text_id(totals["author"]),
        "file": _file(totals),
        "submitted": utc(totals["submitted"]),
        "finished": None if open_rows else utc(totals["settled"]),
        "cancelled": cancelled_of(totals),
        "undo": undo_of(totals, counts, state),
        "counts": {
            "rows": sum(counts.values()),
            **{name: counts[RowClass(name)] for name in _ORDER},
        },
        "timeline": timeline_of(totals, counts, state),
    }
    return Lasting(answer, open_rows, state in MOVING, counts[RowClass.WAITING] > 0)


def passing_of(totals: Totals, lasting: Lasting, now: datetime) -> dict[str, Any]:
    """The version, and what changes with time alone."""
    open_rows = lasting.open_rows
    rate = _rate(totals, now)
    return {
        "waiting": _waiting(totals, now) if lasting.waiting else None,
        "rate": round(rate, 1) if open_rows else 0.0,
        "eta_seconds": round(open_rows / rate) if open_rows and rate > _SLOWEST else None,
        "version": totals["version"],
        "as_of_age": None
        if totals["as_of"] is None
        else round(max(0.0, (now - totals["as_of"]).total_seconds()), 1),
        "poll_after": _poll_after(totals, open_rows, rate, now) if lasting.moving else POLL_DONE_S,
    }


def _file(totals: Totals) -> dict[str, Any] | None:
    if totals["file_name"] is None and totals["file_sha256"] is None:
        return None
    return {"name": totals["file_name"], "bytes": totals["file_bytes"], "sha256": totals["file_sha256"]}


def _poll_after(totals: Totals, open_rows: int, rate: float, now: datetime) -> int:
    young = (now - totals["submitted"]).total_seconds() < _YOUNG_S
    return POLL_SOON_S if young or open_rows < rate * _NEARLY_DONE_S else POLL_RUNNING_S


_ORDER = (
    "created",
    "failed",
    "pending",
    "waiting",
    "cancelled",
    "closed",
    "existing",
    "duplicate",
    "invalid",
)


def _rate(totals: Totals, now: datetime) -> float:
    rates, since = totals["rates"], totals["rates_at"]
    return 0.0 if not rates else rate_now(zip(rates, since, strict=True), totals["submitted"], now)


def _waiting(totals: Totals, now: datetime) -> dict[str, Any]:
    """An attempt whose moment is over is being made, or is about to be: no moment can be named for it."""
    if totals["paused"]:
        since, code, planned = totals["paused_since"], totals["pause_reason"], [totals["next_probe_at"]]
    else:
        since, code, planned = totals["waiting_since"], totals["waiting_code"], totals["next_attempts"] or []
    return {
        "since": utc(since),
        "reason": explain(code).message if code else "The account service is being waited for.",
        "next_attempt": utc(min((at for at in planned if at is not None and at > now), default=None)),
    }
