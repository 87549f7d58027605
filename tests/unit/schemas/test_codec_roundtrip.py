"""What one writes the other reads: msgspec on the hot path, pydantic at the edges."""

import json
import re
from datetime import datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from schemas.codec import Encoded, decode, decode_project, encode, encode_project, event_type
from schemas.facts import ALL_FACTS, FACTS_BY_TYPE, AccountCloseFailed, Fact
from schemas.projects import CourseProject
from tests.support.facts import facts, of_model, projects

TIME = datetime.fromisoformat("2026-09-01T12:30:00.25+03:00")
SOURCE = "course-accounts/importer"
ADAPTERS = {fact: TypeAdapter(fact) for fact in ALL_FACTS}


@given(facts(), st.none() | st.uuids())
def test_any_fact_comes_back_as_it_was(fact: Fact, cause: UUID | None) -> None:
    """Encoding and decoding any fact gives the same fact, with the id, time and source it was sent with."""
    record = encode(fact, source=SOURCE, time=TIME, causation_id=cause)
    event = decode(record.headers, record.value)
    assert event.fact == fact
    assert type(event.fact) is type(fact)
    assert (event.id, event.time, event.source) == (fact.event_id, TIME, SOURCE)


@given(of_model(AccountCloseFailed))
def test_facts_from_before_doubts_were_counted_have_none(fact: Fact) -> None:
    """What was added to a fact is nought, not an error, in those that were written before."""
    record = encode(fact, source=SOURCE, time=TIME)
    value = json.loads(record.value)
    del value["doubts"]
    old = decode(record.headers, json.dumps(value).encode()).fact
    assert isinstance(old, AccountCloseFailed)
    assert old.doubts == 0


@given(facts())
def test_envelope_follows_from_the_fact(fact: Fact) -> None:
    """Key, subject, type and correlation are the fact's own, so that no writer can get them wrong."""
    record = encode(fact, source=SOURCE, time=TIME)
    headers = dict(record.headers)
    assert len(headers) == len(record.headers)
    assert record.key == headers["ce_subject"] == str(fact.subject).encode()
    assert event_type(record.headers) == fact.TYPE
    correlation = fact.correlation_id
    assert headers.get("ce_correlationid") == (str(correlation).encode() if correlation else None)
    assert headers["ce_time"] == b"2026-09-01T09:30:00.250000Z"


@given(facts())
def test_pydantic_and_msgspec_read_one_another(fact: Fact) -> None:
    """A fact written by either library is the same fact when the other reads it."""
    adapter = ADAPTERS[type(fact)]
    record = encode(fact, source=SOURCE, time=TIME)
    assert adapter.validate_json(record.value) == fact
    assert decode(record.headers, adapter.dump_json(fact)).fact == fact


@given(projects())
def test_any_project_comes_back_as_it_was(project: CourseProject) -> None:
    """A record of the projects topic is read as it was written, by both libraries, under its project's key."""
    record = encode_project(project, source=SOURCE, time=TIME)
    assert decode_project(record.headers, record.value) == project
    assert TypeAdapter(CourseProject).validate_json(record.value) == project
    assert record.key == str(project.project_id).encode()


@given(facts())
def test_encoding_is_repeatable(fact: Fact) -> None:
    """The same fact sent twice is the same bytes, so that a repetition can be recognised."""
    first, second = (encode(fact, source=SOURCE, time=TIME) for _ in range(2))
    assert first == second
    assert isinstance(first, Encoded)


def test_type_names_are_unique() -> None:
    """No two facts share a type name, and every name says its version."""
    assert len(FACTS_BY_TYPE) == len(ALL_FACTS)
    assert all(re.fullmatch(r"org\.course-accounts\.[a-z-]+\.v[1-9]", name) for name in FACTS_BY_TYPE)
