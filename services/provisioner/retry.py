"""The retry policy: a value that says, for a cause and a number of attempts, what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass, field


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
        "TARGET_UNCERTAIN": Rule(first=1.0, cap=60.0, attempts=12),
        "CLOSE_UNREACHABLE": _WAIT_FOR_TARGET,
        "CLOSE_BUSY": _WAIT_FOR_TARGET,
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
