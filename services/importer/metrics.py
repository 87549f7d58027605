"""What the importer tells Prometheus."""

from prometheus_client import Counter, Gauge, Histogram

from services.common.unknown_types import TypeLabels

ROWS_STAGED = Counter("course_accounts_importer_rows_staged", "Rows staged, by verdict", ["verdict"])
DRAFTS = Counter("course_accounts_importer_drafts", "Drafts by what became of them", ["outcome"])
RECORDS_PUBLISHED = Counter(
    "course_accounts_importer_records_published", "Records confirmed on the log, by kind", ["kind"]
)
PUBLISH_SECONDS = Histogram(
    "course_accounts_importer_publish_seconds",
    "Time of one turn of the publisher: read, encode, confirm, move the cursor",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 45),
)
UNFINISHED_IMPORTS = Gauge(
    "course_accounts_importer_unfinished_imports", "Submitted imports whose rows are not all on the log"
)
SUBMISSIONS = Counter(
    "course_accounts_importer_submissions", "Submissions by how the read model stood", ["read_model"]
)
UNKNOWN = Counter(
    "course_accounts_importer_unknown_events", "Events of types that only a newer version knows", ["type"]
)
UNKNOWN_TYPES = TypeLabels()
REQUESTS = Counter("course_accounts_importer_requests", "Requests of other services by outcome", ["outcome"])
