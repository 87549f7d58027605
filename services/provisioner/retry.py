"""The retry policy: a value that says, for a cause and a number of attempts, what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again after this many seconds."""

    after: float


@dataclass(frozen=True, slots=True)
class GiveUp:
    """No further attempt by itself."""

    reason: str


@dataclass(frozen=True, slots=True)
class Rule:
    """How one cause is retried: doubling from `first` seconds up to `cap`; `attempts` None means without end.

    What counts as an attempt is for whoever asks: doubts where a call may have had an effect.
    """

    first: float = 1.0
    cap: float = 60.0
    attempts: int | None = 8


_WAIT_FOR_TARGET = Rule(first=1.0, cap=30.0, attempts=None)


def _default_rules() -> Mapping[str, Rule]:
    return {
        # Waiting is not failing (D6): nothing was sent, so nothing can go wrong by asking for as long as it takes.
        "TARGET_UNREACHABLE": _WAIT_FOR_TARGET,
        "TARGET_BUSY": _WAIT_FOR_TARGET,
        "TARGET_NOT_USABLE": _WAIT_FOR_TARGET,
        "TARGET_UNCERTAIN": Rule(first=1.0, cap=60.0, attempts=12),
        "CLOSE_UNREACHABLE": _WAIT_FOR_TARGET,
        "CLOSE_BUSY": _WAIT_FOR_TARGET,
        "CLOSE_NOT_USABLE": _WAIT_FOR_TARGET,
        # Closing again changes nothing, so it may be asked for often; a refusal is rarely taken back.
        "CLOSE_UNCERTAIN": Rule(first=1.0, cap=60.0, attempts=20),
        "CLOSE_REFUSED": Rule(first=2.0, cap=60.0, attempts=3),
    }


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Rules by cause; a cause without a rule is permanent."""

    rules: Mapping[str, Rule] = field(default_factory=_default_rules)

    def decide(
        self,
        cause: str,
        attempt: int,
        jitter: float,
        *,
        retry_after: float | None = None,
        limited: bool = True,
    ) -> Retry | GiveUp:
        """What follows the `attempt`-th attempt (from 1) that ended with `cause`; without end if not `limited`.

        `jitter` in [0, 1) spreads the delay over its upper half; `retry_after` (seconds) is the target's own
        wish and is never undercut.
        """
        rule = self.rules.get(cause)
        if rule is None:
            return GiveUp(f"{cause} is permanent")
        if limited and rule.attempts is not None and attempt >= rule.attempts:
            return GiveUp(f"{attempt} attempts")
        delay = min(rule.cap, rule.first * 2 ** min(attempt - 1, 30))
        return Retry(max(delay * (0.5 + jitter / 2), retry_after or 0.0))


FIRST = (0.05, 3600.0)
CAP = (0.05, 86_400.0)
ATTEMPTS = (1, 1000)


class _Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What of a rule is to be another; None: as it is."""

    first: float | None = None
    cap: float | None = None
    attempts: int | None = None


_CHANGES = msgspec.json.Decoder(dict[str, _Change])


def policy_from(text: str) -> RetryPolicy:
    """The default policy with what a setting changes, like `{"TARGET_UNCERTAIN": {"first": 2, "attempts": 5}}`.

    Only causes that are retried anyway can be named, so that nothing permanent is ever repeated by accident, and
    what is waited for without end stays so.

    Raises:
        ValueError: with a sentence that says what to change.
    """
    try:
        changes = _CHANGES.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise ValueError(f"This must be JSON like {_EXAMPLE}: {error}.") from None
    rules = dict(_default_rules())
    for cause, change in changes.items():
        if cause not in rules:
            raise ValueError(f"{cause[:40]} is not retried by itself. What is: {', '.join(rules)}.")
        rules[cause] = _changed(cause, rules[cause], change)
    return RetryPolicy(rules)


_EXAMPLE = '{"TARGET_UNCERTAIN": {"first": 1, "cap": 60, "attempts": 12}}'


def _changed(cause: str, rule: Rule, change: _Change) -> Rule:
    if change.attempts is not None and rule.attempts is None:
        raise ValueError(f"{cause} is waited for without end: only first and cap can be set.")
    first = rule.first if change.first is None else change.first
    # Whoever names only one of the two means that one.
    cap = max(rule.cap, first) if change.cap is None else change.cap
    if change.first is None:
        first = min(first, cap)
    attempts = rule.attempts if change.attempts is None else change.attempts
    _bounded(cause, "first", first, FIRST)
    _bounded(cause, "cap", cap, CAP)
    if attempts is not None:
        _bounded(cause, "attempts", attempts, ATTEMPTS)
    if cap < first:
        raise ValueError(f"{cause}: cap must not be less than first.")
    return Rule(first, cap, attempts)


def _bounded(cause: str, name: str, given: float, bounds: tuple[float, float]) -> None:
    least, most = bounds
    if not least <= given <= most:
        raise ValueError(f"{cause}: {name} must be between {least:g} and {most:g}.")
