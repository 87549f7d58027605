"""One record as one line: nothing is lost, nothing is ambiguous."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deploy.archive.digests import EMPTY, extended
from deploy.archive.lines import CREATE_TIME, LOG_APPEND_TIME, Entry, LineBroken, body_of, decode, encode

ANY_BYTES = (
    st.none() | st.binary(max_size=60) | st.text(max_size=30).map(lambda t: t.encode("utf-8", "replace"))
)
ENTRIES = st.builds(
    Entry,
    offset=st.integers(0, 2**63 - 1),
    timestamp=st.integers(-1, 2**63 - 1),
    timestamp_type=st.sampled_from([CREATE_TIME, LOG_APPEND_TIME]),
    key=ANY_BYTES,
    headers=st.lists(
        st.tuples(st.text(st.characters(exclude_categories=("Cs",)), max_size=10), ANY_BYTES), max_size=5
    ).map(tuple),
    value=ANY_BYTES,
)


def _entry(value: bytes | None = b"", **other: object) -> Entry:
    return Entry(5, 1764547200000, CREATE_TIME, b"key", (), value)._replace(**other)


@given(ENTRIES)
@example(_entry(b"null"))
@example(_entry(None, key=None))
@example(_entry(b'{"base64":"AAAA"}'))
@example(_entry(b" \xef\xbb\xbf{\n}\r\n\x00\xe2\x80\xa8"))
@example(_entry(b"\xff\xfe", headers=(("x", None), ("x", b"\xc3"), ("x", b""), ("", b"x"))))
@example(_entry(b"[" * 5000 + b"]" * 5000))
def test_every_record_comes_back_as_it_was(entry: Entry) -> None:
    """Any bytes in key, headers and value; and the line is one line of plain JSON."""
    head, body = encode(entry)
    line = head + body
    assert b"\n" not in line
    assert decode(line) == entry
    assert body_of(line) == body
    assert json.loads(line)["offset"] == entry.offset


@given(ENTRIES, ENTRIES)
def test_other_records_have_other_bodies(one: Entry, other: Entry) -> None:
    """What a body leaves out is where the record lay and who stamped it, and nothing else."""
    bare = [entry._replace(offset=0, timestamp_type=CREATE_TIME) for entry in (one, other)]
    assert (encode(one)[1] == encode(other)[1]) == (bare[0] == bare[1])


def test_a_line_as_people_see_it() -> None:
    """Text is text, other bytes are base64, nothing is null; headers keep order and repetition."""
    entry = _entry(b'{"row":1}', headers=(("b", b"1"), ("a", None), ("b", b"\xff")))
    assert b"".join(encode(entry)) == (
        b'{"offset":5,"timestamp":1764547200000,"key":"key",'
        b'"headers":[["b","1"],["a",null],["b",{"base64":"/w=="}]],"value":"{\\"row\\":1}"}'
    )


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"null",
        b"[]",
        b'{"offset":5}',
        b'{"offset":5,"timestamp":1,"key":null,"headers":[],"value":null,"more":1}',
        b'{"offset":5,"timestamp":1,"key":null,"headers":[],"value":{"base64":"?"}}',
        b'{"offset":5,"timestamp":1,"key":null,"headers":[["x"]],"value":null}',
        b'{"offset":5,"timestamp":1,"key":null,"headers":[],"value":"\\ud800"}',
        b'{"offset":5,"timestamp":1,"key":null,"headers":[],"value":"\xff"}',
        b'{"offset":5,"timestamp":1,"key":null,"headers":[],"value":' + b"[" * 100_000,
    ],
)
def test_anything_else_is_refused(line: bytes) -> None:
    """With a reason, and without the content of the line."""
    with pytest.raises(LineBroken):
        decode(line)


@given(st.lists(st.binary(max_size=8), max_size=12), st.integers(0, 12))
def test_digests_go_on_from_anywhere(bodies: list[bytes], cut: int) -> None:
    """An interrupted export ends with the same digests as one that was not."""
    assert extended(extended(EMPTY, bodies[:cut]), bodies[cut:]) == extended(EMPTY, bodies)


@given(st.lists(st.binary(max_size=2), unique=True, min_size=2, max_size=6))
def test_one_digest_minds_the_order_and_the_other_does_not(bodies: list[bytes]) -> None:
    """The same records the other way round; and one record more."""
    there, back = extended(EMPTY, bodies), extended(EMPTY, reversed(bodies))
    assert there.unordered == back.unordered
    assert there.ordered != back.ordered
    assert extended(there, bodies[:1]).unordered != there.unordered
