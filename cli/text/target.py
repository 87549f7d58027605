"""The account service as lines for people."""

from cli.client.target import Paused, Target
from cli.text.numbers import count
from cli.text.table import table
from cli.text.times import local_time

_STATES = {
    "up": "up",
    "held": "waits, as it asked to be left alone",
    "down": "down: one probe at a time",
    "paused": "paused",
}


def target_lines(target: Target) -> list[str]:
    """What is known of it, a line each."""
    minute = target.calls.last_minute
    unanswered = f"{count(minute.unclear)} unclear, {count(minute.not_taken)} not taken"
    said: list[tuple[str, str | None]] = [
        ("Account service", target.name),
        ("State", _STATES.get(target.state, target.state)),
        ("Since", local_time(target.since)),
        ("Reason", target.reason),
        ("Paused by", _by(target.paused) if target.paused else None),
        ("Next try", local_time(target.next_attempt)),
        ("Rate", "no limit" if target.rate is None else f"{target.rate:g} calls/s"),
        ("Calls under way", count(target.calls.under_way)),
        ("Last minute", f"{count(minute.answered)} answered, {unanswered}"),
        ("Copies", count(target.copies)),
    ]
    header, *rows = [(name, value) for name, value in said if value]
    return table((header[0], str(header[1])), rows)


def _by(paused: Paused) -> str:
    return f"{paused.by}: {paused.reason}" if paused.reason else paused.by or "somebody"
