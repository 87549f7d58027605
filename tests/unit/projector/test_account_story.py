"""The story of an account: who asked, what came of it, in sentences."""

from typing import Any

import pytest

from schemas.facts import AccountRetried
from services.projector.account_story.answers import event_answer
from tests.unit.projector.memory import Tables
from tests.unit.projector.stories import Story, account_of, claim, import_of

A1, B1 = claim("a", 1), claim("b", 1)


def told(story: Story, person: str = "ann") -> list[dict[str, Any]]:
    """What the history says."""
    entries = Tables().fold(story.facts).story(account_of(person))
    return [event_answer(entry._asdict()) for entry in entries]


def test_a_whole_life_is_told_in_plain_sentences() -> None:
    """Asked for, waited, failed, tried again by a person, made, met, kept, closed: with who and which row."""
    story = Story().requested("a", 1, "ann").retried("ann", A1).failed("ann", A1)
    story.retried("ann", A1, "person").created("ann", A1).requested("b", 1, "ann").met("ann", B1, "ok")
    story.kept("ann", A1).closing("ann", A1).close_failed("ann", A1).close_failed("ann", A1, again=False)
    events = told(story.closed("ann", A1))
    assert [event["sentence"] for event in events] == [
        "Row 1 of an import asked for the account.",
        "The account service cannot be reached. The next try is due at 2026-03-02 08:05:00 UTC.",
        "The account could not be made: No.",
        "A person asked for another attempt.",
        "The account u-ann was made.",
        "Row 1 of an import asked for the account.",
        "The account was there already, so nothing was done for this row.",
        "An undo or a correction left the account alone. Another import asked for this account too.",
        "A person asked to close the account.",
        "The account service cannot be reached. The next try is due at 2026-03-02 08:07:00 UTC.",
        "The account service cannot be reached. Nobody tries again by itself.",
        "The account is closed.",
    ]
    assert events[0] == {
        "time": "2026-03-02T08:00:00Z",
        "event": "requested",
        "sentence": "Row 1 of an import asked for the account.",
        "by": "manager",
        "data": {},
        "import": import_of("a").hex,
        "row": 1,
    }
    assert events[2]["data"] == {"code": "REFUSED", "message": "No.", "can_retry": True, "effect": "none"}
    assert events[4]["data"] == {"username": "u-ann"}
    assert [event["import"] for event in events[5:7]] == [import_of("b").hex] * 2


@pytest.mark.parametrize(
    ("tell", "sentence"),
    [
        (lambda s: s.stopped("ann", A1), "What row 1 asked for was cancelled before anything was done."),
        (
            lambda s: s.met("ann", A1, "erred"),
            "The account had failed before, and was left so as the import asked.",
        ),
        (
            lambda s: s.retried("ann", A1, "claim"),
            "The row asked for another attempt at an account that had failed.",
        ),
        (
            lambda s: s.requested("a", 1, "ann", revision=2),
            "Row 1 of an import, now corrected, asked for the account.",
        ),
        (
            lambda s: s.failed("ann", A1, "OUTCOME_UNKNOWN", "unknown"),
            "The account could not be made: No. It may exist all the same.",
        ),
    ],
)
def test_what_else_may_happen(tell: Any, sentence: str) -> None:
    """Each kind of event has a sentence of its own."""
    story = Story().requested("a", 1, "ann")
    tell(story)
    assert told(story)[-1]["sentence"] == sentence


def test_who_asked_is_told_apart_from_what_they_asked_for() -> None:
    """`by` is the person who pressed retry; what happens by itself has nobody."""
    story = Story().requested("a", 1, "ann").failed("ann", A1).retried("ann", A1, "person")
    time, retried = story.facts[-1]
    assert isinstance(retried, AccountRetried)
    by_eve = AccountRetried(
        **{name: getattr(retried, name) for name in retried.__dataclass_fields__ if name not in ("TYPE", "author")},
        author="eve",
    )  # fmt: skip
    story.facts[-1] = (time, by_eve)
    assert [event["by"] for event in told(story.created("ann", A1))] == ["manager", None, "eve", None]


def test_an_event_told_twice_is_told_once() -> None:
    """Repetitions are no news, whatever came in between."""
    story = Story().requested("a", 1, "ann").created("ann", A1)
    story.facts += story.facts
    assert [event["event"] for event in told(story)] == ["requested", "created"]
