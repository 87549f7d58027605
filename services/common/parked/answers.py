"""Parked records and jobs about them as the API shows them. Pure."""

from datetime import UTC, datetime
from typing import Any

from schemas.codes import explain_parked
from services.common.parked.model import Cause, Opened, Parked, Try
from services.common.parked.orders import Counted, Failure, ParkedJob, ParkedOrder
from services.common.parked.showing import (
    MOST_VALUE_BYTES,
    envelope,
    shown,
    shown_headers,
)

_POLL_S = 1.0


def record_answer(parked: Parked, service: str) -> dict[str, Any]:
    """A record in a list: where it lay, what is the matter, what became of it; nothing of what it says."""
    return {
        "id": str(parked.place),
        "service": service,
        "topic": parked.place.topic,
        "partition": parked.place.partition,
        "offset": parked.place.offset,
        **envelope(parked.headers or ()),
        "bytes": parked.size,
        "state": parked.state,
        "reason": parked.reason,
        **explained(parked.code),
        "written": _text(parked.written_at),
        "parked": _text(parked.parked_at),
        "tries": parked.tries,
        "tried": _text(parked.tried_at),
        "settled": _text(parked.settled_at),
        "settled_by_job": None if parked.settled_by is None else parked.settled_by.hex,
    }


def opened_answer(opened: Opened, service: str) -> dict[str, Any]:
    """One record, with its bytes as far as they are shown."""
    parked = opened.parked
    return {
        **record_answer(parked, service),
        "key": shown(opened.key, most=MOST_VALUE_BYTES),
        "headers": shown_headers(parked.headers or ()),
        "value": shown(opened.value, most=MOST_VALUE_BYTES, size=parked.size),
        "history": [_try_answer(one) for one in opened.tries],
    }


def cause_answer(cause: Cause, service: str) -> dict[str, Any]:
    """Why records of one topic wait, and how many."""
    return {
        "service": service,
        "topic": cause.topic,
        **explained(cause.code),
        "records": cause.records,
        "oldest": _text(cause.oldest),
        "newest": _text(cause.newest),
    }


def counted_answer(order: ParkedOrder, counted: Counted) -> dict[str, Any]:
    """What an order would take."""
    return {
        "dry_run": True,
        "action": order.action,
        "found": counted.found,
        "records": counted.taken,
        "by_code": dict(counted.by_code),
    }


def job_answer(job: ParkedJob, now: datetime, service: str, url: str) -> dict[str, Any]:
    """A job; `done` were redriven or dropped, `failed` could not be taken again, `passed` were parked no more."""
    seconds = ((job.finished_at or now) - job.started_at).total_seconds() if job.started_at else 0
    rate = job.tried / seconds if seconds > 0 else None
    left = job.total - job.tried
    return {
        "url": url,
        "uuid": job.job_id.hex,
        "service": service,
        "action": job.action,
        "state": job.state,
        "author": job.author,
        "reason": job.reason,
        "named": job.named,
        "codes": list(job.codes),
        "topic": job.topic,
        "most_per_second": job.rate,
        "created": _text(job.created_at),
        "started": _text(job.started_at),
        "finished": _text(job.finished_at),
        "cancelled_by": job.cancelled_by,
        "total": job.total,
        "tried": job.tried,
        "done": job.done,
        "failed": job.failed,
        "passed": job.passed,
        "left": left,
        "rate": None if rate is None else round(rate, 1),
        "eta_seconds": round(left / rate) if rate and not job.over else None,
        "poll_after": _POLL_S,
    }


def failure_answer(failure: Failure) -> dict[str, Any]:
    """Why one record could not be taken again."""
    return {"id": str(failure.place), "reason": failure.why, **explained(failure.code)}


def explained(code: str) -> dict[str, Any]:
    """A code in words."""
    why = explain_parked(code)
    return {"code": code, "message": why.message, "hint": why.hint}


def _try_answer(one: Try) -> dict[str, Any]:
    return {
        "job": one.job_id.hex,
        "action": one.action,
        "author": one.author,
        "reason": one.reason,
        "outcome": one.outcome,
        "code": one.code,
        "why": one.why,
        "at": _text(one.at),
    }


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
