"""Decoding many records at once says what decoding one by one says, or nothing."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.codec import Unreadable, decode, encode
from schemas.decode_many import decode_many
from schemas.facts import AccountCreated, Fact, TargetResumed
from tests.support.facts import facts, of_model

Header = tuple[str, bytes | None]
TIME = datetime(2026, 9, 1, tzinfo=UTC)
ID = b"6f0d3a52-9c41-4e7b-8a51-0c2f7d1b6e90"
USUAL = encode(
    TargetResumed(target="t", change=1, since=TIME),
    source="test",
    time=TIME,
)
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


def one_by_one(headers: list[Header], value: bytes | None) -> Any:
    """Time and fact as `decode` has them; None if it refuses."""
    try:
        event = decode(headers, value)
    except Unreadable:
        return None
    return event.time, event.fact


def assert_same(headers: list[Header], value: bytes | None) -> None:
    """Alone, and behind a usual record: if anything is said, it is the same."""
    expected = one_by_one(headers, value)
    alone = decode_many([headers], [value])
    assert alone is None or alone == ([expected[0]], [expected[1]])
    behind = decode_many([USUAL.headers, headers], [USUAL.value, value])
    assert (behind is None) == (alone is None)
    if behind is not None:
        times, found = behind
        assert (times[1], found[1]) == expected


@given(st.lists(facts(), min_size=1, max_size=5))
def test_what_we_write_is_usual(told: list[Fact]) -> None:
    """Whatever is encoded here is decoded at once, and is what it was."""
    encoded = [encode(fact, source="test", time=TIME) for fact in told]
    found = decode_many([one.headers for one in encoded], [one.value for one in encoded])
    assert found == ([TIME] * len(told), told)


@given(facts(), st.sampled_from(["ce_id", "ce_time", "ce_source", "ce_type", "ce_subject"]), st.data())
def test_any_header_may_be_missing_or_strange(fact: Fact, name: str, data: st.DataObject) -> None:
    """What `decode` refuses is never taken."""
    encoded = encode(fact, source="test", time=TIME)
    headers: list[Header] = [header for header in encoded.headers if header[0] != name]
    if data.draw(st.booleans()):
        headers.append((name, data.draw(st.sampled_from(OTHER_VALUES))))
    assert_same(headers, encoded.value)


@given(of_model(AccountCreated), st.data())
def test_any_value_may_be_strange(fact: Fact, data: st.DataObject) -> None:
    """So it is with a value that was cut, continued, or changed in the middle."""
    _, value, headers = encode(fact, source="test", time=TIME)
    at = data.draw(st.integers(0, len(value)))
    strange = value[:at] + data.draw(st.sampled_from([b"", b"\\u0000", b"\\n", b"\xff", b"1", b"[" * 5000]))
    for changed in (strange, strange + value[at:]):
        assert_same(list(headers), changed)


@pytest.mark.parametrize("value", [None, b" " * 1_048_577])
def test_no_value_and_a_huge_one(value: bytes | None) -> None:
    """What is no event whatever it says is left to `decode`."""
    assert decode_many([USUAL.headers], [value]) is None
