"""Counts, versions and times of imports."""

from datetime import timedelta

from schemas.row_class import RowClass
from tests.unit.projector.memory import Tables, partition_of
from tests.unit.projector.stories import START, Story, claim, import_of

A1, A2, B1 = claim("a", 1), claim("a", 2), claim("b", 1)


def test_version_counts_every_event_that_may_change_an_import_once() -> None:
    """Also an event of another import's claim, if it changes a row here; never a repeated one."""
    story = Story().accepted("a", 1).requested("a", 1, "ann").accepted("b", 1).requested("b", 1, "ann")
    story.met("ann", B1, "pending").created("ann", A1)
    tables = Tables().fold(story.facts)
    assert tables.version(import_of("a")) == 5  # accepted, two requests, met, created
    assert tables.version(import_of("b")) == 4
    assert Tables().fold([*story.facts, *story.facts]).version(import_of("b")) == 4


def test_events_before_the_acceptance_are_counted() -> None:
    """The import is unknown until it is accepted; what came before is not lost."""
    story = Story().requested("a", 1, "ann").created("ann", A1)
    tables = Tables().fold(story.facts)
    assert import_of("a") not in tables.imports
    tables = Tables().fold(story.accepted("a", 1).facts)
    assert tables.imports[import_of("a")].submitted is not None
    assert tables.counts(import_of("a")) == {RowClass.CREATED: 1}


def test_a_group_of_skipped_rows_counts_once() -> None:
    """Told twice in one batch or in two."""
    story = Story().accepted("a", 3).skipped("a", _1="invalid", _3="duplicate")
    again = [*story.facts, story.facts[-1]]
    for cuts in ([], [2]):
        tables = Tables().fold(again, cuts=cuts)
        assert tables.counts(import_of("a")) == {RowClass.INVALID: 1, RowClass.DUPLICATE: 1}
        assert tables.version(import_of("a")) == 2


def test_settled_is_when_the_last_row_became_final() -> None:
    """Closing an account later does not move it."""
    story = Story().requested("a", 1, "ann").requested("a", 2, "ben").created("ann", A1).failed("ben", A2)
    story.closed("ann", A1)
    tables = Tables().fold(story.facts)
    settled = max(p.settled for p in tables.progress.values() if p.settled is not None)
    assert settled == START + timedelta(seconds=3)


def test_waiting_says_since_when_why_and_until_when() -> None:
    """The first row to wait sets since; the last retry the rest; nothing is left when none waits."""
    story = Story().requested("a", 1, "ann").retried("ann", A1).retried("ann", A1)
    (progress,) = Tables().fold(story.facts).progress.values()
    assert progress.waiting_since == START + timedelta(seconds=1)
    assert progress.waiting_code == "TARGET_UNREACHABLE"
    assert progress.next_attempt_at == START + timedelta(minutes=5)
    (progress,) = Tables().fold(story.created("ann", A1).facts).progress.values()
    assert (progress.waiting_since, progress.waiting_code, progress.next_attempt_at) == (None, None, None)


def test_the_next_attempt_is_the_soonest_that_is_still_to_come() -> None:
    """Of two rows of a partition the later retry hides no sooner one; an attempt that was due is not named again."""
    ann, ben = _neighbours()
    soon, late = START + timedelta(seconds=10), START + timedelta(seconds=60)
    for first, second in ((soon, late), (late, soon)):
        story = Story().requested("a", 1, ann).requested("a", 2, ben)
        story.retried(ann, A1, at=first).retried(ben, A2, at=second)
        assert _next_attempt(story) == soon
    story = (
        Story()
        .requested("a", 1, ann)
        .requested("a", 2, ben)
        .retried(ann, A1, at=START + timedelta(seconds=3))
    )
    assert _next_attempt(story.retried(ben, A2, at=late)) == late
    assert _next_attempt(story.created(ben, A2)) == late, (
        "what the one that waits is due at, nobody knows any more"
    )


def _neighbours() -> tuple[str, str]:
    """Two people whose accounts are of one partition."""
    found: dict[int, str] = {}
    for number in range(100):
        person = f"person{number}"
        (_, fact) = Story().requested("a", 1, person).facts[0]
        other = found.setdefault(partition_of(fact), person)
        if other != person:
            return other, person
    raise AssertionError("there are fewer partitions than that")


def _next_attempt(story: Story) -> object:
    (progress,) = Tables().fold(story.facts).progress.values()
    return progress.next_attempt_at
