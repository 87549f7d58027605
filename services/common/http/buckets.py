"""Token buckets: so many requests at once, then so many a second; each for one key, all in this process."""

import math
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

_Key = TypeVar("_Key")
_MOST_KEYS = 10_000


class Taken(NamedTuple):
    """What is left after a request. Whole seconds, rounded up."""

    remaining: int
    full_in_s: int
    retry_after_s: int | None = None
    """Set when there was nothing to take: the request is one too many."""


class Buckets(Generic[_Key]):
    """One bucket for each key; the least recently used are forgotten, which is in favour of their owner.

    Args:
        rate: what flows in, a second; 0: there is no limit.
        burst: what a bucket holds.
        clock: seconds, never going back.
        most: buckets that are remembered.
    """

    def __init__(
        self, rate: float, burst: int, *, clock: Callable[[], float], most: int = _MOST_KEYS
    ) -> None:
        self._rate = rate
        self._burst = max(1, burst)
        self._clock = clock
        self._most = most
        self._levels: dict[_Key, tuple[float, float]] = {}

    @property
    def limited(self) -> bool:
        """Whether there is a limit at all."""
        return self._rate > 0

    @property
    def policy(self) -> str:
        """The value of `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers): quota and window in seconds."""
        return f'"default";q={self._burst};w={math.ceil(self._burst / self._rate)}'

    def take(self, key: _Key) -> Taken:
        """Take one out of a bucket, if there is one."""
        level = self._level(key)
        enough = level >= 1
        left = level - 1 if enough else level
        self._levels[key] = (left, self._clock())
        if len(self._levels) > self._most:
            del self._levels[next(iter(self._levels))]
        full_in = math.ceil((self._burst - left) / self._rate)
        return Taken(int(left), full_in, None if enough else max(1, math.ceil((1 - left) / self._rate)))

    def wait_s(self, key: _Key) -> int | None:
        """Whole seconds until there is one to take; None: there is one now. Takes nothing."""
        if not self.limited or key not in self._levels:
            return None
        level = self._level(key)
        self._levels[key] = (level, self._clock())
        return None if level >= 1 else max(1, math.ceil((1 - level) / self._rate))

    def _level(self, key: _Key) -> float:
        """How full a bucket is; it has to be put back."""
        level, since = self._levels.pop(key, (float(self._burst), self._clock()))
        return min(float(self._burst), level + (self._clock() - since) * self._rate)


def limit_header(taken: Taken) -> str:
    """The value of `RateLimit`: what remains, and in how many seconds it is all there again."""
    return f'"default";r={taken.remaining};t={taken.retry_after_s or taken.full_in_s}'
