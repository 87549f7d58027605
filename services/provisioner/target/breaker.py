"""What changes a target: values in, values out; the moment is a parameter. A change that is late changes nothing.

Every change is made twice: at once to what this process knows, then to the row that all copies share.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from services.provisioner.target.state import Probe, Stop, Target

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 15.0
LONGEST_WISH_S = 3600.0
"""A target that wishes to be left alone for longer is asked again after an hour."""


def trip(target: Target, now: datetime, *, code: str, retry_after: float = 0.0) -> Target:
    """Nobody answers: only probes from now on."""
    if target.standing == "down":
        return target
    wait = max(FIRST_PAUSE_S, _wish(retry_after), _left(target, now))
    return replace(
        target,
        standing="down",
        code=code,
        since=now,
        next_at=now + timedelta(seconds=wait),
        pause=FIRST_PAUSE_S,
        probe=None,
    )


def hold(target: Target, now: datetime, *, code: str, retry_after: float) -> Target:
    """It wishes to be left alone: no calls for so long, and no earlier probe if it is down."""
    target = elapse(target, now)
    until = now + timedelta(seconds=_wish(retry_after))
    if target.standing != "up" and target.next_at is not None and until <= target.next_at:
        return target
    if target.standing == "down":
        return replace(target, next_at=until)
    since = target.since if target.standing == "held" else now
    return replace(target, standing="held", code=code, since=since, next_at=until)


def elapse(target: Target, now: datetime) -> Target:
    """Called again as usual, once the time it wished for is over."""
    if target.standing == "held" and target.next_at is not None and target.next_at <= now:
        return _up(target, now)
    return target


def may_probe(target: Target, now: datetime) -> bool:
    """Whether a probe is due that nobody makes."""
    return (
        target.standing == "down"
        and target.stop is None
        and (target.next_at is None or target.next_at <= now)
        and (target.probe is None or target.probe.until <= now)
    )


def lease(target: Target, now: datetime, *, owner: UUID, seconds: float) -> Target:
    """The next probe is this process's, or stays so for longer."""
    mine = target.probe is not None and target.probe.owner == owner and target.standing == "down"
    if mine or may_probe(target, now):
        return replace(target, probe=Probe(owner, now + timedelta(seconds=seconds)))
    return target


def release(target: Target, now: datetime, *, owner: UUID) -> Target:
    """The probe was not made: anybody may make it."""
    del now
    return replace(target, probe=None) if is_probing(target, owner) else target


def probed(target: Target, now: datetime, *, owner: UUID, answered: bool, retry_after: float = 0.0) -> Target:
    """What the probe came to. One whose lease went to another process meanwhile says nothing."""
    if not is_probing(target, owner):
        return target
    if answered:
        return _up(target, now)
    pause = min(LONGEST_PAUSE_S, target.pause * 2)
    wait = max(pause, _wish(retry_after))
    return replace(target, next_at=now + timedelta(seconds=wait), pause=pause, probe=None)


def is_probing(target: Target, owner: UUID) -> bool:
    """Whether the probe is this process's."""
    return target.standing == "down" and target.probe is not None and target.probe.owner == owner


def stop(target: Target, now: datetime, *, author: str, reason: str) -> Target:
    """An operator pauses it; again: nothing changes."""
    return target if target.stop else replace(target, stop=Stop(author, reason, now))


def resume(target: Target, now: datetime) -> Target:
    """An operator lets calls be made: at once if it was held, by a probe at once if it is down."""
    target = replace(target, stop=None)
    if target.standing == "held":
        return _up(target, now)
    if target.standing == "down":
        return replace(target, next_at=now, pause=FIRST_PAUSE_S)
    return target


def limit(target: Target, now: datetime, *, rate: float | None) -> Target:
    """So many calls a second from now on."""
    del now
    return replace(target, rate=rate)


def _up(target: Target, now: datetime) -> Target:
    return replace(target, standing="up", code=None, since=now, next_at=None, pause=0.0, probe=None)


def _left(target: Target, now: datetime) -> float:
    """Seconds it still wished to be left alone."""
    if target.standing != "held" or target.next_at is None:
        return 0.0
    return max(0.0, (target.next_at - now).total_seconds())


def _wish(retry_after: float) -> float:
    return min(LONGEST_WISH_S, max(0.0, retry_after))
