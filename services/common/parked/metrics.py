"""How many records are parked, for alarms."""

from prometheus_client import Gauge

from services.common.parked import looking
from services.common.parked.tables import Tables

EVERY_S = 15.0
RECORDS = Gauge(
    "course_accounts_parked_records", "Records that wait for somebody to look at them", ["service", "code"]
)


class Counting:
    """Counts what waits. Every copy counts the same table: take the highest, not the sum."""

    def __init__(self, tables: Tables, service: str) -> None:
        self._tables = tables
        self._service = service
        self._codes: set[str] = set()

    async def measure(self) -> None:
        """Count once; a code of which nothing waits any more is 0."""
        async with self._tables.begin() as connection:
            causes = await looking.causes(connection)
        counts = dict.fromkeys(self._codes, 0)
        for cause in causes:
            counts[cause.code] = counts.get(cause.code, 0) + cause.records
        for code, count in counts.items():
            RECORDS.labels(self._service, code).set(count)
        self._codes = set(counts)
