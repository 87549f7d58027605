"""The site's time zone as a setting: it decides which day is today, and when a day ends."""

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, ValueError):
        raise ValueError("no such time zone; write it like Europe/Tallinn") from None
    return name


TimeZoneName = Annotated[str, AfterValidator(_known_zone)]
"""A name of the time zone database, like Europe/Tallinn."""
