"""Replays in words: how far one is, what it came to, what to do next."""

import msgspec

from cli.client.comparison import Comparison
from cli.client.replays import Replay
from cli.text.comparison import comparison
from cli.text.numbers import count, counted, duration
from cli.text.safe import printable

_DOING = {
    "queued": "waiting for a projector to begin",
    "building": "reading the log",
    "comparing": "comparing with the set in use",
    "warm": "complete and kept up to date; it does not answer yet",
    "swapped": "it answers; the set before is kept up to date, too",
    "done": "over",
    "failed": "failed",
    "cancelled": "cancelled",
}
_NEXT = {
    "swap": "let it answer",
    "roll-back": "let the set before answer again",
    "clean-up": "drop what is no longer needed",
}


def progress_line(replay: Replay) -> str:
    """How far a replay is, on one line."""
    parts = [_DOING.get(replay.state, replay.state)]
    if replay.total:
        parts.append(f"{count(replay.done)} of {counted(replay.total, 'event')}")
    if replay.working and replay.rate:
        parts.append(f"{replay.rate:,.0f} events/s")
    if replay.seconds_left is not None:
        parts.append(f"{duration(replay.seconds_left)} left")
    return ", ".join(parts)


def outcome(replay: Replay) -> list[str]:
    """What a replay came to, and the commands that make sense now."""
    lines = [f"{replay.kind} {replay.uuid}: {progress_line(replay)}"]
    if replay.error is not None:
        lines.append(f"{replay.error.code}: {printable(replay.error.message or '')}")
    if replay.set is not None:
        lines.append(f"In the set {replay.set} (edition {printable(replay.edition)})")
    if replay.kind == "scratch" and replay.until_offsets:
        where = ", ".join(f"{p.topic}/{p.partition}: {p.next_offset}" for p in replay.until_offsets)
        lines.append(f"The log until {where}")
    if replay.kind == "scratch" and replay.state == "done" and replay.set is not None:
        lines.append(f"Ask it: course-accounts status IMPORT --set {replay.set}")
    if replay.comparison is not None:
        lines += ["", *comparison(msgspec.convert(replay.comparison, Comparison))]
    lines += _next(replay)
    return lines


def _next(replay: Replay) -> list[str]:
    shown = [
        (f"course-accounts replay {name} {replay.uuid}", said)
        for name, said in _NEXT.items()
        if name in replay.commands
    ]
    if not shown:
        return []
    widest = max(len(command) for command, _ in shown)
    return ["", *(f"{command:<{widest}}  # {said}" for command, said in shown)]
