"""What the service was asked and what it answered, for the control endpoint and for Prometheus."""

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from deploy.account_service.book import Book
from deploy.account_service.writer import JournalWriter


class Stats(Collector):
    """Counts calls by operation and status; everything else is read off the book and the journal."""

    def __init__(self, book: Book, journal: JournalWriter) -> None:
        self._book = book
        self._journal = journal
        self._calls: Counter[tuple[str, str]] = Counter()

    def count(self, operation: str, status: int | str) -> None:
        """One call has been answered, or, with status `dropped`, has not."""
        self._calls[operation, str(status)] += 1

    def as_json(self) -> dict[str, Any]:
        """The control endpoint's answer; effects count from the journal's beginning, calls from the start."""
        operations: Counter[str] = Counter()
        statuses: Counter[str] = Counter()
        for (operation, status), count in self._calls.items():
            operations[operation] += count
            statuses[status] += count
        return {
            "calls": operations.total(),
            "by_operation": dict(operations),
            "by_status": dict(statuses),
            "created": len(self._book.accounts),
            "closed": len(self._book.closed),
            "refusals_stored": self._book.refusals,
            "journal": {
                "entries": self._journal.entries,
                "groups": self._journal.groups,
                "bytes": self._journal.length,
            },
            "cpu_seconds": time.process_time(),
        }

    def collect(self) -> Iterator[Metric]:
        """The same for Prometheus."""
        prefix = "course_accounts_account_service"
        calls = CounterMetricFamily(f"{prefix}_calls", "Calls answered", labels=["operation", "status"])
        for (operation, status), count in self._calls.items():
            calls.add_metric([operation, status], count)
        yield calls
        yield CounterMetricFamily(f"{prefix}_created", "Accounts created", value=len(self._book.accounts))
        yield CounterMetricFamily(f"{prefix}_closed", "Accounts closed", value=len(self._book.closed))
        yield CounterMetricFamily(f"{prefix}_journal_groups", "Flushes to disk", value=self._journal.groups)
        yield GaugeMetricFamily(
            f"{prefix}_journal_bytes", "Length of the journal", value=self._journal.length
        )
