"""Times and people as the API writes them. Pure."""

from datetime import UTC, datetime
from uuid import UUID


def utc(moment: datetime) -> str:
    """RFC 3339 in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def person(user_id: str) -> str:
    """Who: 32 hex digits where the id is a UUID, else as it is."""
    try:
        return UUID(user_id).hex
    except ValueError:
        return user_id
