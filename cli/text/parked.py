"""Parked records in words. What strangers wrote is shown as text that does nothing to a terminal."""

from collections.abc import Sequence

from cli.client.parked import Bytes, Cause, Counted, Failure, Job, Opened, Parked
from cli.text.numbers import count, counted, duration
from cli.text.safe import printable
from cli.text.table import table
from cli.text.times import local_time

MOST_FAILURES = 50
_LONGEST_VALUE = 4_000
_WOULD = {"redrive": "redriven", "drop": "dropped"}
_DONE = {"redrive": "Redriven", "drop": "Dropped"}


def records(found: Sequence[Parked]) -> list[str]:
    """A table of records."""
    cells = [
        (one.service, one.id, local_time(one.parked), one.code, one.state, one.tries, one.reason)
        for one in found
    ]
    return table(("SERVICE", "RECORD", "PARKED", "CODE", "STATE", "TRIES", "WHY"), cells)


def causes(found: Sequence[Cause]) -> list[str]:
    """What waits and why, with what to do."""
    lines: list[str] = []
    for one in found:
        waits = f"{counted(one.records, 'record')}, the oldest since {local_time(one.oldest)}"
        lines.append(f"{one.service}, {printable(one.topic)}: {waits}")
        lines += _words(one.code, one.message, one.hint)
    return lines or ["Nothing is parked."]


def explained(one: Parked) -> list[str]:
    """Why one record is parked, and what to do."""
    said = [] if one.reason == one.message else [f"  {printable(one.reason)}"]
    return [
        f"{one.service}, {printable(one.id)}: {one.state}",
        *_words(one.code, one.message, one.hint),
        *said,
    ]


def opened(one: Opened) -> list[str]:
    """One record, all that is known of it."""
    facts = [
        ("type", one.type),
        ("event", one.event_id),
        ("source", one.source),
        ("written", local_time(one.written)),
        ("parked", local_time(one.parked)),
        ("tries", one.tries),
        ("job", one.settled_by_job),
    ]
    lines = explained(one)
    lines += [f"  {name:<8} {printable(str(said))}" for name, said in facts if said]
    lines.append(f"Key: {_bytes(one.key)}")
    lines += ["Headers:", *(f"  {printable(head.name)}: {_bytes(head.value)}" for head in one.headers)]
    lines.append(f"Value: {_bytes(one.value)}")
    for past in one.history:
        why = f": {past.code} {past.why}" if past.code else ""
        asked = f", because: {past.reason}" if past.reason else ""
        lines.append(
            printable(f"{local_time(past.at)}  {past.action} by {past.author}, {past.outcome}{why}{asked}")
        )
    return lines


def dry_run(action: str, found: Counted) -> list[str]:
    """What an order would take, for a person to agree to."""
    of = "" if found.records == found.found else f" of {count(found.found)}"
    lines = [f"{count(found.records)}{of} parked {_noun(found)} would be {_WOULD[action]}."]
    cells = [(number, printable(code)) for code, number in found.by_code.items()]
    return lines + table(("", ""), cells, indent="  ")[1:]


def progress_line(job: Job) -> str:
    """How far a job is, on one line."""
    parts = [f"{count(job.tried)} of {counted(job.total, 'record')}"]
    if job.failed:
        parts.append(f"{count(job.failed)} failed again")
    if job.rate and not job.over:
        parts.append(f"{job.rate:,.1f} records/s")
    if job.eta_seconds is not None:
        parts.append(f"{duration(job.eta_seconds)} left")
    return ", ".join(parts)


def outcome(job: Job, failed: Sequence[Failure]) -> list[str]:
    """What a job came to. `failed`: what could not be taken again, possibly not all of it."""
    lines = [f"{_DONE.get(job.action, 'Done')}: {counted(job.done, 'record')}"]
    if job.passed:
        lines.append(f"No longer parked: {counted(job.passed, 'record')}")
    if job.state == "cancelled":
        lines.append(f"Left when the job was cancelled: {counted(job.total - job.tried, 'record')}")
    if job.failed:
        lines.append(f"Failed again, still parked: {counted(job.failed, 'record')}")
        cells = [(one.id, one.code, one.reason) for one in failed]
        lines += table(("RECORD", "CODE", "WHY"), cells, indent="  ")
        lines += [f"  {printable(hint)}" for hint in sorted({one.hint for one in failed if one.hint})]
        if job.failed > len(failed):
            lines.append(f"  … and {count(job.failed - len(failed))} more")
    return lines


def jobs(found: Sequence[Job]) -> list[str]:
    """A table of jobs."""
    cells = [
        (one.uuid, one.service, local_time(one.created), one.action, one.state, one.author, progress_line(one),
         one.reason)
        for one in found
    ]  # fmt: skip
    return table(("JOB", "SERVICE", "ASKED FOR", "WHAT", "STATE", "BY", "HOW FAR", "WHY"), cells)


def _words(code: str, message: str, hint: str) -> list[str]:
    return [f"  {printable(code)}: {printable(message)}", f"  {printable(hint)}"]


def _noun(found: Counted) -> str:
    return "record" if found.records == found.found == 1 else "records"


def _bytes(data: Bytes | None) -> str:
    if data is None:
        return "none"
    if data.text is not None:
        said, kind = data.text, ""
    else:
        said, kind = data.base64 or "", "base64 "
    cut = data.cut or len(said) > _LONGEST_VALUE
    more = f" … ({count(data.bytes)} bytes in all; --json shows more)" if cut else ""
    return f"{kind}{printable(said[:_LONGEST_VALUE])}{more}"
