"""The short way of decoding says what the long one says."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.codec import Unreadable, decode, decode_fact, encode
from schemas.facts import AccountCreated, Fact
from tests.support.facts import facts, of_model

Header = tuple[str, bytes | None]
TIME = datetime(2026, 9, 1, tzinfo=UTC)
ID = b"6f0d3a52-9c41-4e7b-8a51-0c2f7d1b6e90"
OTHER_VALUES = (
    None,
    b"",
    b"\xff",
    b"a\0b",
    ID.upper(),
    ID.replace(b"-", b""),
    ID[1:] + b"-",
    b" " + ID,
    b"2026-09-01T00:00:00",
    b"2026-09-01T00:00:00+02:00",
    b"2026-09-01",
    "ü".encode(),
    AccountCreated.TYPE.encode(),
    b"org.course-accounts.account-dreamt-of.v1",
)


def long_way(headers: list[Header], value: bytes | None) -> Any:
    """Time and fact as `decode` has them, or the code and sentence with which it refuses."""
    try:
        event = decode(headers, value)
    except Unreadable as error:
        return error.code, str(error)
    return event.time, event.fact


def short_way(headers: list[Header], value: bytes | None) -> Any:
    """The same as `decode_fact` has it."""
    try:
        return decode_fact(iter(headers), value)
    except Unreadable as error:
        return error.code, str(error)


@given(facts(), st.sampled_from(["ce_id", "ce_time", "ce_source", "ce_type", "ce_subject"]), st.data())
def test_any_header_may_be_missing_or_strange(fact: Fact, name: str, data: st.DataObject) -> None:
    """Both ways take the same records, and refuse the same ones with the same words."""
    encoded = encode(fact, source="test", time=TIME)
    changed: list[Header] = [header for header in encoded.headers if header[0] != name]
    if data.draw(st.booleans()):
        changed.append((name, data.draw(st.sampled_from(OTHER_VALUES))))
    for headers in (encoded.headers, changed):
        assert short_way(list(headers), encoded.value) == long_way(list(headers), encoded.value)


@given(of_model(AccountCreated), st.data())
def test_any_value_may_be_strange(fact: Fact, data: st.DataObject) -> None:
    """So do both with a value that was cut, continued, or changed in the middle."""
    headers, value = encode(fact, source="test", time=TIME)[2], encode(fact, source="test", time=TIME)[1]
    at = data.draw(st.integers(0, len(value)))
    strange = value[:at] + data.draw(st.sampled_from([b"", b"\\u0000", b"\\n", b"\xff", b"1", b"[" * 5000]))
    for given_value in (strange, strange + value[at:]):
        assert short_way(list(headers), given_value) == long_way(list(headers), given_value)


@pytest.mark.parametrize("value", [None, b" " * 1_048_577])
def test_no_value_and_a_huge_one(value: bytes | None) -> None:
    """What is no event whatever it says is refused by both."""
    headers: list[Header] = [("ce_id", ID), ("ce_time", b"2026-09-01T00:00:00Z"), ("ce_source", b"x")]
    assert short_way(headers, value) == long_way(headers, value)
