"""The counts of an import in words: the equation, one line while it runs, the line at the end."""

from datetime import datetime

from cli.client.models import Counts, ImportStatus, Undo
from cli.text.numbers import count, duration
from cli.text.safe import printable

CLASSES = (
    "created",
    "existing",
    "failed",
    "waiting",
    "pending",
    "cancelled",
    "closed",
    "duplicate",
    "invalid",
)


def equation(counts: Counts) -> str:
    """Every row is in exactly one class: `300 = 280 created + 20 failed`; empty classes are left out."""
    terms = [f"{count(number)} {name}" for name in CLASSES if (number := getattr(counts, name))]
    return f"{count(counts.rows)} = {' + '.join(terms) or '0'}"


def done(counts: Counts) -> int:
    """How many rows wait for nothing more."""
    return counts.rows - counts.pending - counts.waiting


def progress_line(status: ImportStatus) -> str:
    """How far an import is, on one line."""
    counts = status.counts
    parts = [f"{count(done(counts))} of {count(counts.rows)} done", *tallies(counts)]
    if status.rate:
        parts.append(f"{status.rate:,.0f} rows/s")
    if status.eta_seconds is not None:
        parts.append(f"{duration(status.eta_seconds)} left")
    if status.state in ("undoing", "undone") and status.undo is not None:
        parts = [f"{status.state}: {tally_of_undo(status.undo)}"]
    line = ", ".join(parts)
    reason = waiting_reason(status)
    return f"{line}; {reason}" if reason else line


def tally_of_undo(undo: Undo) -> str:
    """How far an undo is."""
    return (
        f"{count(undo.closed)} closed, {count(undo.kept)} kept, {count(undo.failed)} could not be closed, "
        f"{count(undo.open)} to go"
    )


def tallies(counts: Counts) -> list[str]:
    """The classes somebody who watches looks for; created and failed are always among them."""
    shown = [f"{count(counts.created)} created", f"{count(counts.failed)} failed"]
    others = ("existing", "waiting", "pending")
    return shown + [f"{count(number)} {name}" for name in others if (number := getattr(counts, name))]


def waiting_reason(status: ImportStatus) -> str:
    """What is waited for and when it is tried next; empty when nothing is."""
    if status.waiting is None or not status.counts.waiting:
        return ""
    reason = printable(status.waiting.reason or "a temporary failure")
    text = f"waiting: {reason.rstrip('.')}"
    at = clock_time(status.waiting.next_attempt)
    return f"{text}, next try {at}" if at else text


def clock_time(rfc3339: str | None) -> str:
    """The time of day of an instant, in the zone of whoever reads it; empty when there is none."""
    if not rfc3339:
        return ""
    try:
        return datetime.fromisoformat(rfc3339).astimezone().strftime("%H:%M:%S")
    except ValueError:
        return ""
