"""Events of the first release, byte by byte as its code wrote them, are read as the newest version of each fact.

`old/first-release.json` was written by the code of that release, one record of each type. It is never edited.
"""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given

from schemas import codec
from schemas.facts import FACTS_BY_TYPE, AccountRetried
from schemas.generate import outputs
from schemas.projects import CourseProject
from schemas.upcasting import OLD_FACTS_BY_TYPE, STEPS, newest, newest_type
from schemas.upcasting.account_retried_v1 import AccountRetriedV1
from tests.support.facts import as_json, of_model

RECORDS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "old/first-release.json").read_text("utf-8")
)
RETRIED = next(one for one in RECORDS if one["headers"]["ce_type"].endswith(".account-retried.v1"))


def _headers(record: dict[str, Any]) -> list[tuple[str, bytes | None]]:
    return [(name, value.encode()) for name, value in record["headers"].items()]


def _retried(**headers: str) -> codec.Event:
    record = {**RETRIED, "headers": {**RETRIED["headers"], **headers}}
    return codec.decode(_headers(record), record["value"].encode())


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["headers"]["ce_type"])
def test_what_the_first_release_wrote_is_read(record: dict[str, Any]) -> None:
    """Given its bytes, when they are read today, then all that they say is said, by the newest class."""
    said = json.loads(record["value"])
    if record["headers"]["ce_type"] == CourseProject.TYPE:
        read: Any = codec.decode_project(_headers(record), record["value"].encode())
    else:
        event = codec.decode(_headers(record), record["value"].encode())
        read = event.fact
        assert type(read) is FACTS_BY_TYPE[newest_type(record["headers"]["ce_type"])]
        assert str(event.id) == record["headers"]["ce_id"] == str(read.event_id)
        assert str(read.subject) == record["key"]
    now = as_json(read)
    assert {**now, **said} == now


def test_every_released_type_is_here_and_still_read() -> None:
    """None of them is ever forgotten, with a new version or without."""
    written = {record["headers"]["ce_type"] for record in RECORDS}
    released = {f"org.course-accounts.{name.removesuffix('.json')}" for name in outputs.released()}
    assert written <= released <= {*FACTS_BY_TYPE, *OLD_FACTS_BY_TYPE, CourseProject.TYPE}


def test_a_retry_from_before_doubts_were_counted() -> None:
    """The real old form says nothing of doubts: none had been counted. Everything else is as it was written."""
    assert "doubts" not in json.loads(RETRIED["value"])
    fact = _retried().fact
    assert isinstance(fact, AccountRetried)
    assert (fact.attempt, fact.life, fact.series, fact.effect, fact.doubts) == (1, 1, 1, "none", 0)


def test_the_new_version_leaves_nothing_out() -> None:
    """The same bytes under the new name are refused: what a version promises is there."""
    with pytest.raises(codec.Unreadable, match="doubts") as refused:
        _retried(ce_type=AccountRetried.TYPE)
    assert refused.value.code == "BAD_FACT"


@given(of_model(AccountRetriedV1))
def test_raising_loses_nothing(old: AccountRetriedV1) -> None:
    """Whatever the old version can say is said by the new one, under the same id."""
    raised = newest(old)
    assert type(raised) is AccountRetried
    assert as_json(raised) == as_json(old)
    assert (raised.event_id, raised.subject, raised.correlation_id) == (
        old.event_id,
        old.subject,
        old.correlation_id,
    )
    assert newest(raised) is raised


def test_each_step_leads_to_the_next_version() -> None:
    """By one, of the same fact, to one that is known; and the newest is read without a step."""
    for old in STEPS:
        name, version = old.TYPE.rsplit(".v", 1)
        after = f"{name}.v{int(version) + 1}"
        assert after in {*FACTS_BY_TYPE, *OLD_FACTS_BY_TYPE}
        assert newest_type(old.TYPE) in FACTS_BY_TYPE
    assert not FACTS_BY_TYPE.keys() & OLD_FACTS_BY_TYPE.keys()
    assert {type(codec.FACTS[name.encode()]) for name in FACTS_BY_TYPE} == {msgspec.json.Decoder}


def test_nobody_writes_an_old_version() -> None:
    """The codec knows no headers for it."""
    old = msgspec.json.decode(RETRIED["value"], type=AccountRetriedV1)
    with pytest.raises(KeyError):
        codec.encode(old, source="course-accounts/provisioner", time=_retried().time)
