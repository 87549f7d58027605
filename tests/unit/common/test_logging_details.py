"""What never reaches a log line."""

import asyncpg

from services.common.logging import without_details


def test_rows_quoted_by_the_database_are_cut() -> None:
    """PostgreSQL's DETAIL names the row that broke a rule; the log keeps the rule only."""
    error = asyncpg.UniqueViolationError('duplicate key value violates unique constraint "accounts_pkey"')
    error.detail = "Key (email)=(anna@example.org) already exists."
    event = without_details(
        None, "error", {"event": "x", "error": str(error), "exception": f"Trace\n{error}\nend"}
    )
    assert "anna" not in str(event)
    assert "accounts_pkey" in event["error"]
    assert event["exception"].endswith("end")
