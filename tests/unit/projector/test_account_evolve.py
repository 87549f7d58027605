"""Given what happened to an account, when a fact comes, then its rows stand like this."""

from schemas.row_class import Claim, RowClass, Standing
from services.projector.accounts.view import Phase
from tests.unit.projector.memory import Tables
from tests.unit.projector.stories import Story, account_of, claim, import_of

A1, B1, C1 = claim("a", 1), claim("b", 1), claim("c", 1)


def classes(story: Story, *names: str) -> list[dict[RowClass, int]]:
    """The classes of the rows of some imports after a story."""
    tables = Tables().fold(story.facts)
    return [tables.counts(import_of(name)) for name in names]


def test_a_request_waits_until_it_is_created() -> None:
    """One row: pending, then created, with the name of the account."""
    story = Story().requested("a", 1, "ann")
    assert classes(story, "a") == [{RowClass.PENDING: 1}]
    tables = Tables().fold(story.created("ann", A1).facts)
    view = tables.views[account_of("ann")]
    assert tables.counts(import_of("a")) == {RowClass.CREATED: 1}
    assert (view.standing, view.phase, view.username, view.version) == (Standing.OK, None, "u-ann", 1)


def test_a_scheduled_retry_waits_and_a_persons_retry_is_pending() -> None:
    """The policy's retry is waiting with its time; a person's puts the row back to pending, error cleared."""
    story = Story().requested("a", 1, "ann").retried("ann", A1)
    tables = Tables().fold(story.facts)
    view = tables.views[account_of("ann")]
    assert tables.counts(import_of("a")) == {RowClass.WAITING: 1}
    assert (view.phase, view.code) == (Phase.RETRY_SCHEDULED, "TARGET_UNREACHABLE")
    assert view.next_attempt_at is not None
    story.failed("ann", A1)
    assert classes(story, "a") == [{RowClass.FAILED: 1}]
    tables = Tables().fold(story.retried("ann", A1, "person").facts)
    view = tables.views[account_of("ann")]
    assert tables.counts(import_of("a")) == {RowClass.PENDING: 1}
    assert (view.code, view.message, view.can_retry) == (None, None, False)


def test_a_later_claim_is_pending_until_it_is_answered() -> None:
    """A claim on an account that is there counts as existing only once the provisioner said so."""
    story = Story().requested("a", 1, "ann").created("ann", A1).requested("b", 1, "ann")
    assert classes(story, "a", "b") == [{RowClass.CREATED: 1}, {RowClass.PENDING: 1}]
    story.met("ann", B1, "ok")
    assert classes(story, "a", "b") == [{RowClass.CREATED: 1}, {RowClass.EXISTING: 1}]


def test_followers_share_the_fate_of_the_creator() -> None:
    """Two imports want one person: failed for both, or created for one and existing for the other."""
    story = Story().requested("a", 1, "ann").requested("b", 1, "ann").met("ann", B1, "pending")
    assert classes(story, "a", "b") == [{RowClass.PENDING: 1}, {RowClass.PENDING: 1}]
    story.failed("ann", A1)
    assert classes(story, "a", "b") == [{RowClass.FAILED: 1}, {RowClass.FAILED: 1}]
    story.retried("ann", A1, "person").created("ann", A1)
    assert classes(story, "a", "b") == [{RowClass.CREATED: 1}, {RowClass.EXISTING: 1}]


def test_a_claim_that_retries_an_erred_account_becomes_its_creator() -> None:
    """The failed row of the first import is never shown as the second one's result."""
    story = Story().requested("a", 1, "ann").failed("ann", A1).requested("b", 1, "ann")
    assert classes(story, "a", "b") == [{RowClass.FAILED: 1}, {RowClass.PENDING: 1}]
    story.retried("ann", B1, "claim").created("ann", B1)
    assert classes(story, "a", "b") == [{RowClass.EXISTING: 1}, {RowClass.CREATED: 1}]


def test_a_claim_that_leaves_an_erred_account_is_existing() -> None:
    """`if_erred: leave` is met, nothing done."""
    story = Story().requested("a", 1, "ann").failed("ann", A1).requested("b", 1, "ann", erred="leave")
    assert classes(story.met("ann", B1, "erred"), "b") == [{RowClass.EXISTING: 1}]


def test_a_cancelled_creator_passes_creation_on() -> None:
    """The next live claim is created, the cancelled one stays cancelled."""
    story = Story().requested("a", 1, "ann").requested("b", 1, "ann").met("ann", B1, "pending")
    story.stopped("ann", A1)
    assert classes(story, "a", "b") == [{RowClass.CANCELLED: 1}, {RowClass.PENDING: 1}]
    assert classes(story.created("ann", B1), "a", "b") == [{RowClass.CANCELLED: 1}, {RowClass.CREATED: 1}]


def test_an_account_that_nobody_wants_any_more_is_closed() -> None:
    """Cancelled before it was made: not pending for ever; a later claim begins a new life."""
    story = Story().requested("a", 1, "ann").retried("ann", A1).stopped("ann", A1)
    view = Tables().fold(story.facts).views[account_of("ann")]
    assert (view.standing, view.phase, view.code, view.next_attempt_at) == (Standing.CLOSED, None, None, None)
    story.requested("b", 1, "ann").retried("ann", B1, "claim", life=2, attempt=0).created("ann", B1)
    assert classes(story, "a", "b") == [{RowClass.CANCELLED: 1}, {RowClass.CREATED: 1}]


def test_a_claim_that_was_given_up_inherits_nothing() -> None:
    """A follower whose import was undone is passed over when the creator is cancelled."""
    story = Story().requested("a", 1, "ann").requested("b", 1, "ann").requested("c", 1, "ann")
    story.met("ann", B1, "pending").met("ann", C1, "pending").kept("ann", B1, "not_creator").stopped(
        "ann", A1
    )
    claims = Tables().fold(story.facts).views[account_of("ann")].claims
    assert [c.claim for c in claims] == [Claim.CANCELLED, Claim.FOLLOWER, Claim.CREATOR]


def test_closing_closes_the_rows_of_the_account() -> None:
    """Closed for creator and follower; a row that only met the account keeps its class."""
    story = Story().requested("a", 1, "ann").requested("b", 1, "ann").met("ann", B1, "pending")
    story.created("ann", A1).requested("c", 1, "ann").met("ann", C1, "ok").closing("ann", A1)
    view = Tables().fold(story.facts).views[account_of("ann")]
    assert (view.standing, view.phase) == (Standing.OK, Phase.CLOSING)
    view = Tables().fold(story.close_failed("ann", A1).facts).views[account_of("ann")]
    assert view.phase is Phase.CLOSE_FAILED
    assert classes(story.closed("ann", A1), "a", "b", "c") == [
        {RowClass.CLOSED: 1},
        {RowClass.CLOSED: 1},
        {RowClass.EXISTING: 1},
    ]


def test_a_new_life_does_not_reopen_the_rows_of_the_old_one() -> None:
    """Closed rows stay closed when a later import opens the account again."""
    story = Story().requested("a", 1, "ann").created("ann", A1).closed("ann", A1).requested("b", 1, "ann")
    assert classes(story, "a", "b") == [{RowClass.CLOSED: 1}, {RowClass.PENDING: 1}]
    story.retried("ann", B1, "claim", life=2, attempt=0)
    assert classes(story, "a", "b") == [{RowClass.CLOSED: 1}, {RowClass.PENDING: 1}]
    assert classes(story.created("ann", B1), "a", "b") == [{RowClass.CLOSED: 1}, {RowClass.CREATED: 1}]


def test_late_and_repeated_facts_change_nothing() -> None:
    """A version that is not higher than the stored one was said before."""
    story = Story().requested("a", 1, "ann").failed("ann", A1).retried("ann", A1, "person").created("ann", A1)
    once = Tables().fold(story.facts)
    twice = Tables().fold([*story.facts, *story.facts])
    assert twice.views == once.views
    assert twice.version(import_of("a")) == once.version(import_of("a")) == 4


def test_an_outcome_before_its_request_is_kept() -> None:
    """Whatever the order, nothing raises, and the account is complete once the request came."""
    first = Story().requested("a", 1, "ann").created("ann", A1).facts
    tables = Tables().fold(list(reversed(first)))
    view = tables.views[account_of("ann")]
    assert (view.standing, view.requested) == (Standing.OK, True)
    assert [c.claim for c in view.claims] == [Claim.CREATOR]
    assert tables.counts(import_of("a")) == {RowClass.CREATED: 1}
