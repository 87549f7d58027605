"""The body of a create, as the Waldur-style account service takes it, and what it says to everybody else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import orjson


@dataclass(frozen=True, slots=True)
class OrderDocument:
    """One account that is wanted."""

    email: str
    """In its canonical form: equal addresses are equal texts."""
    description: str
    """What the course's manager wrote beside the address: often a name; may be empty."""
    owner: str
    """Who asked for the account."""
    scope: str
    """The short name of the course; an address has one live account in a scope."""
    scope_name: str
    offerings: tuple[str, ...] = ()
    valid_from: date | datetime | None = None
    valid_to: date | datetime | None = None
    """The course's last day, or the exact moment of its end."""


def read_order(body: bytes) -> OrderDocument:
    """What a body of ours asks for.

    Raises:
        KeyError, ValueError: it is none of ours.
    """
    document = orjson.loads(body)
    return OrderDocument(
        email=document["email"],
        description=document["description"],
        owner=document["ownerUsername"],
        scope=document["scopeSlug"],
        scope_name=document["scopeName"],
        offerings=tuple(document["scopeOfferingSlugs"]),
        valid_from=_read(document["scopeValidFrom"]),
        valid_to=_read(document["scopeValidTo"]),
    )


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


def _read(text: str | None) -> date | datetime | None:
    if text is None:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
