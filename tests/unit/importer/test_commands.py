"""When an import may be cancelled, undone or corrected, and who may ask for one on the topic."""

from uuid import UUID, uuid4

import pytest

from schemas.dead_letters import dead_letter_headers
from schemas.facts import ProjectSnapshot
from schemas.ids import requested_import_id
from schemas.requests import AccountWish, ImportRequested, Request
from services.importer.domain.commands import (
    Recorded,
    decide_cancel,
    decide_undo,
    needs_cancel,
    refuse_correction,
)
from services.importer.domain.policy import AddressPolicy
from services.importer.domain.requests import judged, may_ask
from services.importer.domain.submission import Accepted, Again, Refused

NOTHING, CANCELLED, UNDONE = Recorded(), Recorded(cancel=True), Recorded(undo=True)
BOTH, PURGED = Recorded(cancel=True, undo=True), Recorded(purged=True)


@pytest.mark.parametrize(
    ("recorded", "state", "comes_to"),
    [
        (NOTHING, "running", Accepted()),
        (NOTHING, None, Accepted()),
        (NOTHING, "finished", "NOTHING_TO_CANCEL"),
        (CANCELLED, "running", Again()),
        (CANCELLED, "cancelling", Again()),
        (CANCELLED, "cancelled", "NOTHING_TO_CANCEL"),
        (UNDONE, None, "NOTHING_TO_CANCEL"),
        (BOTH, "cancelling", Again()),
        (BOTH, "undoing", "NOTHING_TO_CANCEL"),
        (PURGED, "running", "IMPORT_GONE"),
    ],
)
def test_cancel(recorded: Recorded, state: str | None, comes_to: object) -> None:
    """Once, while something may be left to start; asked again while it is under way it is confirmed again."""
    decision = decide_cancel(recorded, state)
    assert (decision.code if isinstance(decision, Refused) else decision) == comes_to


@pytest.mark.parametrize(
    ("recorded", "state", "comes_to", "stops"),
    [
        (NOTHING, "running", Accepted(), True),
        (NOTHING, None, Accepted(), True),
        (NOTHING, "finished", Accepted(), False),
        (CANCELLED, "cancelling", Accepted(), False),
        (CANCELLED, "cancelled", Accepted(), False),
        (UNDONE, "undoing", Again(), None),
        (UNDONE, "undone", "ALREADY_UNDONE", None),
        (PURGED, "finished", "IMPORT_GONE", None),
    ],
)
def test_undo(recorded: Recorded, state: str | None, comes_to: object, stops: bool | None) -> None:
    """Once; what runs, or may run, is stopped first."""
    decision = decide_undo(recorded, state)
    assert (decision.code if isinstance(decision, Refused) else decision) == comes_to
    if stops is not None:
        assert needs_cancel(recorded, state) == stops


def test_corrections_end_with_the_import() -> None:
    """Nothing is corrected in an import that was stopped, undone or purged."""
    refused = [refuse_correction(r) for r in (NOTHING, CANCELLED, UNDONE, PURGED)]
    assert [why and why.code for why in refused] == [None, "IMPORT_CANCELLED", "IMPORT_UNDONE", "IMPORT_GONE"]


def test_who_may_ask() -> None:
    """A source for its projects, a star for all of them, and nobody by default."""
    mine, other = uuid4(), uuid4()
    assert may_ask({"a": frozenset({mine})}, "a", mine)
    assert not may_ask({"a": frozenset({mine})}, "a", other)
    assert not may_ask({"a": "*"}, "b", mine)
    assert may_ask({"a": "*"}, "a", other)
    assert may_ask({"*": frozenset({mine})}, "b", mine)
    assert not may_ask({}, "a", mine)


def test_a_request_is_judged_like_a_file() -> None:
    """Every row has its verdict, and the counts add up; only an event id that is a UUID becomes a cause."""
    project = ProjectSnapshot(project_id=uuid4(), name="n", slug="s")
    accounts = tuple(AccountWish(email=email) for email in (" a@example.org\t", "A@example.org", "x"))
    wish = ImportRequested(project=project.project_id, idempotency_key="k", accounts=accounts)
    asked = judged(Request("e1", "records", wish), project, AddressPolicy())
    assert [(row.row, row.verdict.value, row.duplicate_of) for row in asked.rows] == [
        (1, "new", None),
        (2, "duplicate", 1),
        (3, "invalid", None),
    ]
    assert sum(asked.verdicts.values()) == 3
    assert (asked.import_id, asked.author, asked.cause_id) == (
        requested_import_id("records", "k"),
        "records",
        None,
    )
    assert judged(Request(str(UUID(int=5)), "r", wish), project, AddressPolicy()).cause_id == UUID(int=5)


def test_headers_of_a_dead_letter_are_bounded_and_ours() -> None:
    """Headers that would not fit are left out, null ones too, and those of an earlier refusal are replaced."""
    original = [
        ("ce_id", b"1"),
        ("empty", None),
        ("x-original-topic", b"old"),
        ("x-error-code", b"OLD"),
        ("kafka_dlt-original-topic", b"old"),
        ("huge", b"x" * 40_000),
    ]
    headers = dead_letter_headers(
        original, topic="t", partition=1, offset=2, timestamp_ms=-1, code="C", message="Why.", left_out=True
    )
    assert headers == [
        ("ce_id", b"1"),
        ("x-original-topic", b"t"),
        ("x-original-partition", b"1"),
        ("x-original-offset", b"2"),
        ("x-original-timestamp", b"-1"),
        ("x-error-code", b"C"),
        ("x-error-message", b"Why."),
        ("x-original-value", b"left-out"),
        ("kafka_dlt-original-topic", b"t"),
        ("kafka_dlt-original-partition", b"\0\0\0\x01"),
        ("kafka_dlt-original-offset", b"\0\0\0\0\0\0\0\x02"),
        ("kafka_dlt-original-timestamp", b"\xff" * 8),
        ("kafka_dlt-exception-message", b"Why."),
    ]
