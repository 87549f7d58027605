"""Metrics of the provisioner. No ids and no addresses in labels."""

from prometheus_client import Counter, Gauge, Histogram

RECORDS = Counter("course_accounts_provisioner_records", "Records of the log that were folded")
PARKED = Counter("course_accounts_provisioner_parked", "Records that nobody could read")
ATTEMPTS = Counter("course_accounts_provisioner_attempts", "Attempts by what they came to", ["outcome"])
CANCELLED = Counter("course_accounts_provisioner_cancelled", "Claims cancelled without a call")
CALL_SECONDS = Histogram(
    "course_accounts_provisioner_call_seconds", "Time of one call to the account service"
)
IN_HAND = Gauge("course_accounts_provisioner_in_hand", "Accounts in this process's hands")
RELAYED = Counter("course_accounts_provisioner_relayed", "Facts confirmed on the log")
RELAY_SECONDS = Histogram(
    "course_accounts_provisioner_relay_seconds", "From reading a batch of the outbox to its confirmation"
)
OUTBOX = Gauge("course_accounts_provisioner_outbox_batches", "Batches of facts the log has not confirmed")
TARGET_WAIT = Gauge(
    "course_accounts_provisioner_target_wait", "1 while the account service is being waited for"
)
