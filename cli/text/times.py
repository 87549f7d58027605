"""Moments as people read them."""

from datetime import datetime


def local_time(rfc3339: str | None) -> str:
    """Day and time of an instant in the zone of whoever reads it; empty when there is none."""
    if not rfc3339:
        return ""
    try:
        return datetime.fromisoformat(rfc3339).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return rfc3339
