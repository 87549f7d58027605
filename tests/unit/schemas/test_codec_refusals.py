"""A record that is no event is refused with a code and a sentence, whatever it holds, and quoted nowhere."""

import json
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.codec import MAX_VALUE_BYTES, Unreadable, decode, decode_project, encode
from schemas.facts import FACTS_BY_TYPE, Fact, ImportCancelled
from schemas.projects import CourseProject
from tests.support.facts import as_json, facts, of_model

CODES = {"NO_VALUE", "TOO_LARGE", "NO_TYPE", "UNKNOWN_TYPE", "BAD_ENVELOPE", "BAD_FACT"}
TYPES = [name.encode() for name in (*FACTS_BY_TYPE, CourseProject.TYPE)]
GOOD = [
    ("ce_type", b"org.course-accounts.import-cancelled.v1"),
    ("ce_id", b"00000000-0000-0000-0000-000000000001"),
    ("ce_time", b"2026-09-01T00:00:00Z"),
    ("ce_source", b"course-accounts/importer"),
]
VALUE = json.dumps({"import_id": "0" * 32, "author": "x", "last_row": 1}).encode()
NAMES = st.sampled_from([name for name, _ in GOOD]) | st.text(max_size=10)
HEADER_VALUES = st.none() | st.sampled_from([*TYPES, *(value for _, value in GOOD)]) | st.binary(max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
)
VALUES = st.none() | st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode())


@given(st.lists(st.tuples(NAMES, HEADER_VALUES), max_size=8), VALUES)
@example(GOOD, VALUE)
@example([(name, None) for name, _ in GOOD], VALUE)
@example([("ce_type", b"\xff\xfe")], b"{}")
def test_only_unreadable_is_raised(headers: list[tuple[str, bytes | None]], value: bytes | None) -> None:
    """Arbitrary headers and bytes are an event, or refused with a known code; nothing else is ever raised."""
    for read in (decode, decode_project):
        assert _code(read, headers, value) in CODES | {None}


def _code(read: Callable[..., object], *record: object) -> str | None:
    try:
        read(*record)
    except Unreadable as refusal:
        return refusal.code
    return None


@given(
    st.sampled_from(sorted(FACTS_BY_TYPE)),
    st.binary(max_size=300) | JSON.map(lambda v: json.dumps(v).encode()),
)
def test_any_bytes_under_a_good_envelope(type_name: str, value: bytes) -> None:
    """With an envelope that is right, anything but a fact is refused as BAD_FACT."""
    with pytest.raises(Unreadable) as refusal:
        decode([("ce_type", type_name.encode()), *GOOD[1:]], value)
    assert refusal.value.code == "BAD_FACT"


@pytest.mark.parametrize(
    ("code", "headers", "value"),
    [
        ("NO_VALUE", GOOD, None),
        ("TOO_LARGE", GOOD, b" " * (MAX_VALUE_BYTES + 1)),
        ("NO_TYPE", GOOD[1:], VALUE),
        ("NO_TYPE", [("ce_type", None), *GOOD[1:]], VALUE),
        ("UNKNOWN_TYPE", [("ce_type", b"org.course-accounts.import-cancelled.v2"), *GOOD[1:]], VALUE),
        ("UNKNOWN_TYPE", [("ce_type", b"\xff"), *GOOD[1:]], VALUE),
        ("BAD_ENVELOPE", [*GOOD, ("ce_id", b"7")], VALUE),
        ("BAD_ENVELOPE", [*GOOD, ("ce_id", None)], VALUE),
        ("BAD_ENVELOPE", [*GOOD, ("ce_time", b"yesterday")], VALUE),
        ("BAD_ENVELOPE", [*GOOD, ("ce_time", b"2026-09-01T00:00:00")], VALUE),
        ("BAD_ENVELOPE", [*GOOD, ("ce_source", b"\xff")], VALUE),
        ("BAD_ENVELOPE", [*GOOD, ("ce_source", b"a\x00b")], VALUE),
        ("BAD_ENVELOPE", GOOD[:-1], VALUE),
        ("BAD_FACT", GOOD, b""),
        ("BAD_FACT", GOOD, VALUE[:-1]),
        ("BAD_FACT", GOOD, b"\xef\xbb\xbf" + VALUE),
        ("BAD_FACT", GOOD, VALUE.replace(b'"x"', b'"\xed\xa0\x80"')),
        ("BAD_FACT", GOOD, VALUE.replace(b'"x"', b'"a\\u0000b"')),
        ("BAD_FACT", GOOD, VALUE.replace(b'"x"', b'"a\\\\\\u0000b"')),
        ("BAD_FACT", GOOD, VALUE.replace(b'"x"', b'"\\ud800"')),
        ("BAD_FACT", GOOD, VALUE.replace(b"1}", b"9" * 5000 + b"}")),
        ("BAD_FACT", GOOD, VALUE.replace(b'"x"', b'"x", "deep": ' + b"[" * 200_000)),
        ("BAD_FACT", GOOD, VALUE.replace(b'"x"', b'"x", "deep": ' + b'{"a":' * 100_000)),
    ],
)
def test_each_refusal_has_its_code(
    code: str, headers: list[tuple[str, bytes | None]], value: bytes | None
) -> None:
    """Every way to be unreadable has its own stable code."""
    with pytest.raises(Unreadable) as refusal:
        decode(headers, value)
    assert refusal.value.code == code
    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize("author", ["\\u0000", "a\\\\u0000", "\\u0001 \x7f \u2028"])
def test_text_that_only_looks_like_a_nul(author: str) -> None:
    """The six characters of an escape, typed by a person, are text like any other."""
    fact = ImportCancelled(import_id=UUID(int=1), author=author, last_row=0)
    record = encode(fact, source="x", time=datetime(2026, 9, 1, tzinfo=UTC))
    assert decode(record.headers, record.value).fact == fact


SECRET = "mari.maasikas@example.org"


@given(facts(), st.data())
def test_refusals_quote_nothing(fact: Fact, data: st.DataObject) -> None:
    """Wherever an address stands in a record that is refused, neither the sentence nor a traceback repeats it."""
    value = as_json(fact)
    spoiled = {name: data.draw(st.sampled_from([SECRET, [SECRET], {SECRET: SECRET}])) for name in value}
    headers = [("ce_type", fact.TYPE.encode()), *GOOD[1:]]
    for bad in (spoiled, {**value, "account_id": SECRET, "import_id": SECRET, "target": [SECRET]}):
        _assert_silent(headers, json.dumps(bad).encode())
    _assert_silent(headers, json.dumps(value).encode()[:-1] + f', "{SECRET}": "{SECRET}'.encode())


@pytest.mark.parametrize("name", ["ce_id", "ce_time", "ce_type"])
def test_refused_headers_are_not_quoted(name: str) -> None:
    """What stands in a header by mistake is not repeated either."""
    _assert_silent([*GOOD, (name, SECRET.encode())], VALUE)


@given(of_model(CourseProject))
def test_enum_values_are_not_quoted(project: CourseProject) -> None:
    """Msgspec quotes an unexpected enum value; the codec takes it out and keeps the place."""
    raw = json.dumps({**as_json(project), "kind": f"{SECRET} - at `$.x`"}).encode()
    with pytest.raises(Unreadable, match=r"at `\$\.kind`") as refusal:
        decode_project([("ce_type", CourseProject.TYPE.encode())], raw)
    assert SECRET not in str(refusal.value)


def _assert_silent(headers: list[tuple[str, bytes]], value: bytes) -> None:
    with pytest.raises(Unreadable) as refusal:
        decode(headers, value)
    assert SECRET not in "".join(traceback.format_exception(refusal.value))
