"""Jobs as the API shows them. Pure."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from schemas.codes import explain
from services.provisioner.jobs.order import Job
from services.provisioner.jobs.store import Refusal

JOBS = "/api/jobs/"
BEHIND = {"X-Read-Model": "behind"}
_POLL_S = 1.0


def job_answer(job: Job, now: datetime) -> dict[str, Any]:
    """A job."""
    rate = _rate(job, now)
    left = job.total - job.done - job.dropped
    return {
        "url": f"{JOBS}{job.job_id.hex}/",
        "uuid": job.job_id.hex,
        "action": job.action,
        "cause": job.cause,
        "state": job.state,
        "author": job.author,
        "reason": job.reason,
        "project_uuid": _hex(job.project_id),
        "import_uuid": _hex(job.import_id),
        "codes": list(job.codes),
        "created": utc(job.created_at),
        "started": utc(job.started_at),
        "finished": utc(job.finished_at),
        "total": job.total,
        "done": job.done,
        "changed": job.changed,
        "unchanged": job.unchanged,
        "refused": job.refused,
        "dropped": job.dropped,
        "rate": None if rate is None else round(rate, 1),
        "eta_seconds": round(left / rate) if rate and not job.over else None,
        "poll_after": _POLL_S,
    }


def refusal_answer(refusal: Refusal) -> dict[str, Any]:
    """Why one account was left as it is."""
    why = explain(refusal.code)
    return {
        "account_uuid": refusal.account_id.hex,
        "email": refusal.email,
        "code": why.code,
        "message": why.message,
        "hint": why.hint,
        "can_retry": why.can_retry,
    }


def _rate(job: Job, now: datetime) -> float | None:
    if job.started_at is None:
        return None
    seconds = ((job.finished_at or now) - job.created_at).total_seconds()
    return job.done / seconds if seconds > 0 else None


def _hex(value: UUID | None) -> str | None:
    return None if value is None else value.hex


def utc(moment: datetime | None) -> str | None:
    """A time as the API writes it: RFC 3339 in UTC."""
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
