"""What the log is told of a target: one fact for all rows that wait, none for pauses nobody would notice. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from schemas.facts import TargetPaused, TargetResumed
from services.provisioner.target.state import Stop, Target, Told

BY_OPERATOR = "PAUSED_BY_OPERATOR"
_WORTH_TELLING = timedelta(seconds=2)


class _Words(NamedTuple):
    since: datetime
    code: str
    next_at: datetime | None


def tell(target: Target, now: datetime) -> tuple[Target, TargetPaused | TargetResumed | None]:
    """The fact that is due, if any, and the target once it is told."""
    told, words = target.told, _pause(target)
    if words is None:
        if told.code is None:
            return target, None
        fact = TargetResumed(target=target.name, change=told.change + 1, since=now)
        return replace(target, told=Told(told.change + 1)), fact
    if not _is_news(told, words, now):
        return target, None
    paused = TargetPaused(
        target=target.name,
        change=told.change + 1,
        since=words.since,
        reason=words.code,
        next_probe_at=words.next_at,
    )
    return replace(target, told=Told(told.change + 1, words.code, words.next_at)), paused


def learn(target: Target, fact: TargetPaused | TargetResumed) -> Target:
    """The target after a fact read from the log: news only for tables that are older than the log.

    An operator's pause holds again. What else was waited for is found out again.
    """
    if fact.change <= target.told.change:
        return target
    if isinstance(fact, TargetResumed):
        return replace(target, told=Told(fact.change), stop=None)
    stop = Stop("", "", fact.since) if fact.reason == BY_OPERATOR else None
    return replace(target, told=Told(fact.change, fact.reason, fact.next_probe_at), stop=stop)


def _pause(target: Target) -> _Words | None:
    if target.stop is not None:
        return _Words(target.stop.since, BY_OPERATOR, None)
    if target.standing == "up":
        return None
    return _Words(target.since, target.code or "TARGET_UNREACHABLE", target.next_at)


def _is_news(told: Told, words: _Words, now: datetime) -> bool:
    """A longer pause than a moment, another reason, or a next try that replaces one that is over."""
    if words.code == BY_OPERATOR or (told.code is not None and told.code != words.code):
        return told.code != words.code
    if words.next_at is None:
        return told.code is None
    if told.code is not None:
        over = told.next_at is None or told.next_at <= now
        return over and words.next_at - now >= _WORTH_TELLING
    return now - words.since >= _WORTH_TELLING or words.next_at - now >= _WORTH_TELLING
