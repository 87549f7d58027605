"""What one upload may hold; told to people before they upload."""

from dataclasses import dataclass

MAX_EMAIL = 254
MAX_LOCAL_PART = 64
MAX_DESCRIPTION = 2_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one file. `max_record` counts the characters of one record, line breaks in quotes included."""

    max_rows: int = 200_000
    max_bytes: int = 64 * 1024 * 1024
    max_record: int = 65_536


def large_bodies(max_bytes: int) -> dict[str, int]:
    """By path, the longest bodies that are let through to endpoints with limits of their own.

    An upload may be read away beyond its own limit, so that its sender sees why.
    """
    return {
        "/api/import-drafts/": 3 * max_bytes + 1024 * 1024,
        "/api/marketplace-course-accounts/create_bulk/": 5 * 1024 * 1024,
    }
