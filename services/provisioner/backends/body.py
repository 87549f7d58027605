"""The body of a create, as the Waldur-style account service takes it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

import orjson


def creation_body(
    *,
    owner_username: str,
    email: str,
    description: str,
    scope_name: str,
    scope_slug: str,
    scope_offering_slugs: Iterable[str] = (),
    scope_valid_from: date | datetime | None = None,
    scope_valid_to: date | datetime | None = None,
) -> bytes:
    """JSON bytes that depend on the arguments alone: fields and offerings in order, times in UTC.

    Raises:
        ValueError: a time without a zone.
    """
    return orjson.dumps(
        {
            "ownerUsername": owner_username,
            "email": email,
            "description": description,
            "scopeType": "project",
            "scopeName": scope_name,
            "scopeSlug": scope_slug,
            "scopeOfferingSlugs": sorted(set(scope_offering_slugs)),
            "scopeValidFrom": _written(scope_valid_from),
            "scopeValidTo": _written(scope_valid_to),
        },
        option=orjson.OPT_SORT_KEYS,
    )


def _written(moment: date | datetime | None) -> str | None:
    if not isinstance(moment, datetime):
        return None if moment is None else moment.isoformat()
    if moment.tzinfo is None:
        raise ValueError("A time in the body of a create needs a zone.")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
