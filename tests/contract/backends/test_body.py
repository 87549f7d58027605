"""The body of a create depends on its arguments alone."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import orjson
import pytest

from services.provisioner.backends.body import OrderDocument, creation_body, read_order

PLAIN: dict[str, Any] = {
    "owner_username": "manager",
    "email": "ada@example.org",
    "description": "Ü",
    "scope_name": "Python 101",
    "scope_slug": "python-101",
}


def test_it_has_the_fields_of_the_protocol() -> None:
    """All of them, always."""
    body = creation_body(
        **PLAIN,
        scope_offering_slugs=["b", "a", "b"],
        scope_valid_from=date(2026, 1, 5),
        scope_valid_to=datetime(2026, 6, 30, 23, tzinfo=timezone(timedelta(hours=2))),
    )
    assert orjson.loads(body) == {
        "ownerUsername": "manager",
        "email": "ada@example.org",
        "description": "Ü",
        "scopeType": "project",
        "scopeName": "Python 101",
        "scopeSlug": "python-101",
        "scopeOfferingSlugs": ["a", "b"],
        "scopeValidFrom": "2026-01-05",
        "scopeValidTo": "2026-06-30T21:00:00Z",
    }


def test_it_can_be_read_again() -> None:
    """For backends that speak another language: days stay days, moments moments."""
    end = datetime(2026, 6, 30, 21, tzinfo=UTC)
    body = creation_body(
        **PLAIN, scope_offering_slugs=["a"], scope_valid_from=date(2026, 1, 5), scope_valid_to=end
    )
    assert read_order(body) == OrderDocument(
        email="ada@example.org",
        description="Ü",
        owner="manager",
        scope="python-101",
        scope_name="Python 101",
        offerings=("a",),
        valid_from=date(2026, 1, 5),
        valid_to=end,
    )
    assert read_order(creation_body(**PLAIN)).valid_to is None


def test_equal_arguments_give_equal_bytes() -> None:
    """Another process, another order of offerings, another zone: the same body for the same key."""
    noon = datetime(2026, 6, 30, 12, tzinfo=UTC)
    one = creation_body(**PLAIN, scope_offering_slugs=["a", "b"], scope_valid_to=noon)
    two = creation_body(
        **dict(reversed(PLAIN.items())),
        scope_offering_slugs=["b", "a"],
        scope_valid_to=noon.astimezone(timezone(timedelta(hours=-7))),
    )
    assert one == two


def test_a_time_without_a_zone_is_a_mistake() -> None:
    """It would mean something else on another machine."""
    with pytest.raises(ValueError, match="zone"):
        creation_body(**PLAIN, scope_valid_to=datetime(2026, 6, 30, 12))  # noqa: DTZ001 - the mistake under test
