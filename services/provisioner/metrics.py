"""Metrics of the provisioner. No ids and no addresses in labels."""

from prometheus_client import Counter, Gauge, Histogram

from services.common.unknown_types import TypeLabels

RECORDS = Counter("course_accounts_provisioner_records", "Records of the log that were folded")
PARKED = Counter("course_accounts_provisioner_parked", "Records that nobody could read")
UNKNOWN = Counter(
    "course_accounts_provisioner_unknown_events", "Events of types that only a newer version knows", ["type"]
)
UNKNOWN_TYPES = TypeLabels()
ATTEMPTS = Counter("course_accounts_provisioner_attempts", "Attempts by what they came to", ["outcome"])
CANCELLED = Counter("course_accounts_provisioner_cancelled", "Claims cancelled without a call")
JOB_ACCOUNTS = Counter(
    "course_accounts_provisioner_job_accounts",
    "Accounts that jobs were about, by what that came to",
    ["action", "came_to"],
)
CALL_SECONDS = Histogram(
    "course_accounts_provisioner_call_seconds", "Time of one call to the account service"
)
IN_HAND = Gauge("course_accounts_provisioner_in_hand", "Accounts in this process's hands")
RELAYED = Counter("course_accounts_provisioner_relayed", "Facts confirmed on the log")
RELAY_SECONDS = Histogram(
    "course_accounts_provisioner_relay_seconds", "From reading a batch of the outbox to its confirmation"
)
TO_LOG_SECONDS = Histogram(
    "course_accounts_provisioner_to_log_seconds",
    "From a decision, as it was put into the outbox, to its confirmation on the log; a batch counts once",
    buckets=(
        *(0.001, 0.002, 0.003, 0.004, 0.005, 0.006, 0.007, 0.008, 0.009, 0.01, 0.0125, 0.015, 0.0175, 0.02),
        *(0.025, 0.03, 0.035, 0.04, 0.05, 0.075, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0),
    ),
)
OUTBOX = Gauge("course_accounts_provisioner_outbox_batches", "Batches of facts the log has not confirmed")
TARGET_WAIT = Gauge(
    "course_accounts_provisioner_target_wait", "1 while the account service is being waited for"
)
TARGET_STATE = Gauge(
    "course_accounts_provisioner_target_state",
    "0 up, 1 held back by its own wish, 2 down: only probes are made",
)
TARGET_HOLDS = Counter(
    "course_accounts_provisioner_target_holds", "Times the account service was waited for", ["reason"]
)
TARGET_RATE = Gauge(
    "course_accounts_provisioner_target_rate", "Calls a second allowed to all copies together; 0: no limit"
)
SLOTS = Counter("course_accounts_provisioner_target_slots", "Slots of the rate, used and wasted", ["fate"])
UNCLOSED = Gauge(
    "course_accounts_provisioner_unclosed",
    "Accounts that should be closed but are not, in all copies",
    ["state"],
)
UNCLOSED_AGE = Gauge(
    "course_accounts_provisioner_unclosed_age_seconds",
    "Since when the oldest of them should be closed",
    ["state"],
)
