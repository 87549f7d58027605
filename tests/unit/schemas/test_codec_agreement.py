"""Pydantic and msgspec draw the same line between a fact and something else."""

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from schemas.codec import Unreadable, decode, encode
from schemas.facts import ALL_FACTS, AccountCreated, Fact
from tests.support.facts import as_json, facts, of_model

TIME = datetime(2026, 9, 1, tzinfo=UTC)
ADAPTERS = {fact: TypeAdapter(fact) for fact in ALL_FACTS}
NUMBERS = [-1, 0, 1, 2**31 - 1, 2**31, 2**53, 2**63, 2**70, 0.5, 1.0, 1e300]
TEXTS = ["", "x", "0", "none", "ok", "\u00e4" * 501, "00000000-0000-0000-0000-00000000000"]
TIMES = ["2026-09-01", "2026-02-30", "2026-09-01T00:00:00", "2026-13-01T00:00:00Z", "2026-09-01T00:00:00Z"]
OTHERS = [None, True, False, [], {}, [None], [1], ["x"], {"": 0}]
STRANGE = st.sampled_from([*NUMBERS, *TEXTS, *TIMES, *OTHERS])
NAMES = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=5)
Place = tuple[Any, Any]


def _places(value: Any) -> Iterator[Place]:
    """Every container in a JSON value, with each key in it."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    for key in keys:
        yield value, key
        yield from _places(value[key])


def _pydantic(model: type[Fact], raw: bytes) -> Fact | None:
    try:
        return ADAPTERS[model].validate_json(raw)
    except ValidationError:
        return None


def _msgspec(model: type[Fact], raw: bytes) -> Fact | None:
    try:
        return decode([("ce_type", model.TYPE.encode()), *_ENVELOPE], raw).fact
    except Unreadable:
        return None


_ENVELOPE = [("ce_id", b"0" * 32), ("ce_time", b"2026-09-01T00:00:00Z"), ("ce_source", b"x")]


@given(facts(), st.data())
def test_both_accept_or_both_refuse(fact: Fact, data: st.DataObject) -> None:
    """A field dropped, replaced by something strange, or added: the two read the same fact, or both refuse."""
    value = copy.deepcopy(as_json(fact))
    for _ in range(data.draw(st.integers(1, 2))):
        container, key = data.draw(st.sampled_from(list(_places(value))))
        match data.draw(st.sampled_from(["drop", "replace", "add"])):
            case "drop":
                del container[key]
            case "replace":
                container[key] = data.draw(STRANGE)
            case "add" if isinstance(container, dict):
                container[data.draw(NAMES)] = data.draw(STRANGE)
        if not value:
            break
    raw = json.dumps(value).encode()
    assert _msgspec(type(fact), raw) == _pydantic(type(fact), raw)


@pytest.mark.parametrize("model", ALL_FACTS)
def test_every_required_field_is_required_by_both(model: type[Fact]) -> None:
    """Leaving out any field without a default is refused by both; leaving out any other by neither."""
    fact = _example(model)
    complete = as_json(fact)
    required = ADAPTERS[model].json_schema()["required"]
    for name in complete:
        raw = json.dumps({key: part for key, part in complete.items() if key != name}).encode()
        accepted = _pydantic(model, raw) is not None, _msgspec(model, raw) is not None
        assert accepted == (name not in required,) * 2, name


def _example(model: type[Fact]) -> Fact:
    found: list[Fact] = []

    @settings(max_examples=1)
    @given(of_model(model))
    def collect(fact: Fact) -> None:
        found.append(fact)

    collect()
    return found[0]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("account_id", '"urn:uuid:6f0d3a52-9c41-4e7b-8a51-0c2f7d1b6e90"'),
        ("account_id", '"{6f0d3a52-9c41-4e7b-8a51-0c2f7d1b6e90}"'),
        ("created_at", '"2026-09-01T00:00Z"'),
        ("created_at", '"2026-09-01_00:00:00Z"'),
        ("created_at", '"2026-09-01T00:00:00,5Z"'),
        ("unknown", "NaN"),
        ("unknown", '{"a": -Infinity}'),
    ],
)
def test_where_pydantic_is_more_lenient(field: str, text: str) -> None:
    """The known differences: spellings outside RFC 3339, RFC 9562's text form and JSON, which we never write.

    On the log msgspec decides, so these are refused there. If a new version of either library changes this,
    the table changes with it.
    """
    value = as_json(_example(AccountCreated))
    raw = json.dumps({**value, field: "@"}).replace('"@"', text).encode()
    assert _pydantic(AccountCreated, raw) is not None
    assert _msgspec(AccountCreated, raw) is None


@given(facts())
def test_constructors_take_no_moment_without_zone(fact: Fact) -> None:
    """A fact cannot even be made with a time that has no zone: it would be unreadable once written."""
    moments = [name for name, part in as_json(fact).items() if name.endswith("_at") and part]
    for name in moments:
        with pytest.raises(ValidationError):
            type(fact)(**{**_fields(fact), name: datetime(2026, 9, 1)})  # noqa: DTZ001
    assert encode(fact, source="x", time=TIME).value


def _fields(fact: Fact) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in as_json(fact)}
