"""Ids of parked records, strange bytes made harmless, orders under a key."""

import base64
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.codes import PARKED_CODES, explain_parked
from services.common.parked.doors import TOPIC_NOT_READ, by_topic
from services.common.parked.model import Place
from services.common.parked.orders import ParkedOrder, under
from services.common.parked.showing import MOST_HEADERS, envelope, shown, shown_headers
from tests.support.parked import record

ORDER = ParkedOrder(action="redrive", author="mari", reason="mended", codes=("BAD_FACT",))


def test_an_id_says_where_the_record_lies() -> None:
    """There and back, with either sign between; whatever no place can be is none."""
    place = Place("course-accounts.log.v1", 3, 1207)
    assert str(place) == "course-accounts.log.v1~3~1207"
    assert Place.parse(str(place)) == Place.parse("course-accounts.log.v1:3:1207") == place
    for text in (
        "",
        "log",
        "log~1",
        "log~1~x",
        "log~-1~2",
        "a b~1~2",
        "log~9999999999~1",
        "log~1~2~3",
        "log~1~²",
    ):
        assert Place.parse(text) is None, text


@given(st.binary(max_size=200), st.integers(0, 100))
def test_any_bytes_can_be_shown(data: bytes, most: int) -> None:
    """What is shown is harmless, never longer than asked for, and all of it where nothing was cut."""
    found = shown(data, most=most)
    assert found is not None
    assert json.loads(json.dumps(found)) == found
    assert (found["bytes"], found["cut"]) == (len(data), len(data) > most)
    if "base64" in found:
        assert base64.b64decode(found["base64"]) == data[:most]
    else:
        assert all(character.isprintable() or character in "\n\r\t" for character in found["text"])
        assert data[:most].startswith(found["text"].encode())
        assert len(data[:most]) - len(found["text"].encode()) < (4 if found["cut"] else 1)


def test_a_character_that_was_cut_in_two_is_left_out() -> None:
    """The beginning of a long text is text."""
    assert shown("näin".encode(), most=2) == {"bytes": 5, "cut": True, "text": "n"}
    assert shown(None, most=2) is None


def test_headers_are_bounded_and_the_envelope_is_plain_words_or_nothing() -> None:
    """Thousands of headers, long ones and broken ones do no harm."""
    many = [("x" * 1000, b"y" * 5000)] * 500
    found = shown_headers(many)
    assert (len(found), len(found[0]["name"])) == (MOST_HEADERS, 300)
    assert (found[0]["value"]["cut"], len(found[0]["value"]["text"])) == (True, 1024)
    said = envelope([("ce_type", b"a.type"), ("ce_id", b"\x1b"), ("ce_source", b"s" * 999), ("other", None)])
    assert said == {"type": "a.type", "event_id": None, "source": None}


def test_the_same_order_under_a_key_is_the_same_job() -> None:
    """Another person, other records or another key make another one; other words about it do not."""
    assert under(None, ORDER).job_id is None
    same = {under("k", ORDER).job_id, under("k", replace(ORDER, reason="again")).job_id}
    assert len(same) == 1
    others = [
        under("other", ORDER),
        under("k", replace(ORDER, author="olga")),
        under("k", replace(ORDER, action="drop")),
        under("k", replace(ORDER, limit=20)),
        under("k", replace(ORDER, places=(Place("log", 0, 1),))),
    ]
    assert len({order.job_id for order in others} | same) == 6


def test_every_code_is_explained() -> None:
    """What this version can park says what to do; an unknown code explains itself plainly."""
    assert all(code.message.endswith(".") and code.hint.endswith(".") for code in PARKED_CODES.values())
    assert explain_parked("PROJECT_UNKNOWN").hint.startswith("Have the project published")
    assert explain_parked("OF_A_LATER_VERSION").message == "Code OF_A_LATER_VERSION."


async def test_a_topic_without_a_door_is_said_so() -> None:
    """A record of a topic that the service does not read any more stays parked, with that reason."""
    with pytest.raises(type(TOPIC_NOT_READ), match="does not read"):
        await by_topic({})(record(0))
