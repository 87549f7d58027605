"""What an operator can measure of push."""

from prometheus_client import Counter, Gauge

_PREFIX = "course_accounts_projector_"

STREAMS = Gauge(f"{_PREFIX}event_streams", "Streams of server-sent events that are open")
EVENTS = Counter(f"{_PREFIX}pushed_statuses", "Statuses given to streams; a slow reader gets only the newest")
SLOW = Counter(f"{_PREFIX}slow_readers_dropped", "Streams ended because their reader took nothing")
