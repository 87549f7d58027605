"""What a status says of the time ahead: how soon a poller is asked back, when rows are tried again."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from schemas.row_class import RowClass
from services.projector.import_progress.status import status_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age_s", "done", "rate", "poll_after"),
    [(1, 0, 0.0, 1), (3600, 10, 0.1, 3), (3600, 99, 10.0, 1), (3600, 100, 0.0, 30)],
    ids=["young", "long way", "nearly done", "done"],
)
def test_pollers_come_back_when_there_may_be_news(
    age_s: float, done: int, rate: float, poll_after: int
) -> None:
    """Soon while somebody surely watches or the end is near, rarely when nothing moves any more."""
    assert status_of(totals_of(age_s, done, rate), NOW)["poll_after"] == poll_after


@pytest.mark.parametrize(
    ("planned", "said"),
    [(None, None), ([-1, -20], None), ([-1, 60, 9], 9)],
    ids=["none", "all due", "to come"],
)
def test_the_next_attempt_lies_ahead(planned: list[int] | None, said: int | None) -> None:
    """The soonest of all partitions that is still to come; null where each of them is being made."""
    times = planned and [NOW + timedelta(seconds=s) for s in planned]
    waiting = {"waiting_since": NOW, "waiting_code": None, "next_attempts": times, "n_waiting": 1}
    answer = status_of(totals_of(60, 10, 0.0) | waiting, NOW)["waiting"]
    assert answer["next_attempt"] == (None if said is None else f"2026-03-02T09:00:{said:02}Z")
    assert status_of(totals_of(60, 10, 0.0), NOW)["waiting"] is None


def totals_of(age_s: float, done: int, rate: float) -> dict[str, Any]:
    """Of an import of 100 rows."""
    counts = {f"n_{row_class}": 0 for row_class in RowClass if row_class is not RowClass.PENDING}
    unsaid = ("file_name", "file_sha256", "cancelled_by", "undone_by")
    return {
        **counts,
        **dict.fromkeys(unsaid),
        "n_created": done,
        "rows": 100,
        "unsent": None,
        "superseded": None,
        "paused": False,
        "undo_started": None,
        "cancelled": None,
        "import_id": UUID(int=1),
        "project_id": UUID(int=2),
        "author": "manager",
        "source": "file",
        "submitted": NOW - timedelta(seconds=age_s),
        "settled": NOW,
        "version": 1,
        "as_of": NOW,
        "rates": [rate] if rate else None,
        "rates_at": [NOW] if rate else None,
    }
