"""The CloudEvents SDK reads what we write by hand, and we read what it writes."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cloudevents.core.bindings.kafka import KafkaMessage, from_binary, to_binary
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st

from schemas.codec import data_schema, decode, encode
from schemas.facts import Fact
from tests.support.facts import as_json, facts

FORMAT = JSONFormat()
TIMES = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
SOURCE = "course-accounts/provisioner"


def _attributes(fact: Fact, time: datetime, cause: UUID | None) -> dict[str, Any]:
    attributes = {
        "id": str(fact.event_id),
        "type": fact.TYPE,
        "specversion": "1.0",
        "source": SOURCE,
        "time": time,
        "subject": str(fact.subject),
        "datacontenttype": "application/json",
        "dataschema": data_schema(fact.TYPE),
        "correlationid": str(fact.correlation_id) if fact.correlation_id else None,
        "causationid": str(cause) if cause else None,
    }
    return {name: value for name, value in attributes.items() if value is not None}


@given(facts(), TIMES, st.none() | st.uuids())
def test_the_sdk_reads_ours(fact: Fact, time: datetime, cause: UUID | None) -> None:
    """Every attribute of our headers means to the SDK what we mean by it."""
    record = encode(fact, source=SOURCE, time=time, causation_id=cause)
    event = from_binary(KafkaMessage(dict(record.headers), record.key, record.value), FORMAT)
    expected = {**_attributes(fact, time, cause), "partitionkey": record.key.decode()}
    assert event.get_attributes() == expected
    assert event.get_data() == as_json(fact)


@given(facts(), TIMES, st.none() | st.uuids())
def test_the_sdk_writes_the_same_headers(fact: Fact, time: datetime, cause: UUID | None) -> None:
    """Name for name and byte for byte, the SDK's headers are ours."""
    message = to_binary(CloudEvent(_attributes(fact, time, cause), as_json(fact)), FORMAT)
    assert message.headers == dict(encode(fact, source=SOURCE, time=time, causation_id=cause).headers)


@given(facts(), TIMES)
def test_we_read_what_the_sdk_writes(fact: Fact, time: datetime) -> None:
    """A record built with the SDK, also with attributes we do not know, is the same event to us."""
    attributes = {**_attributes(fact, time, None), "traceparent": "00-1-2-00"}
    message = to_binary(CloudEvent(attributes, as_json(fact)), FORMAT)
    event = decode(list(message.headers.items()), message.value)
    assert (event.fact, event.time, event.source) == (fact, time, SOURCE)
    assert json.loads(message.value) == as_json(fact)
