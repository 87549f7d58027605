"""What an operator can measure. Labels are types and partitions, never ids."""

from prometheus_client import Counter, Gauge, Histogram

from services.common.unknown_types import TypeLabels

_PREFIX = "course_accounts_projector_"

EVENTS = Counter(f"{_PREFIX}events", "Events taken from the log, by type", ["type"])
UNKNOWN = Counter(f"{_PREFIX}unknown_events", "Events of types that only a newer version knows", ["type"])
UNKNOWN_TYPES = TypeLabels()
PARKED = Counter(f"{_PREFIX}parked", "Records put aside because nobody can read them", ["topic", "code"])
BATCH_SECONDS = Histogram(
    f"{_PREFIX}batch_seconds",
    "From records in hand to tables committed",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
LAG_AGE = Gauge(
    f"{_PREFIX}lag_age_seconds", "How old the tables are, per partition read here", ["topic", "partition"]
)
OLDEST_UNPROCESSED = Gauge(
    f"{_PREFIX}oldest_unprocessed_seconds",
    "Age of the oldest event on the log that a read model lacks, whoever reads its partition",
    ["model"],
)
POSITIONS_LOST = Counter(f"{_PREFIX}positions_lost", "Batches given up because another copy moved on")
