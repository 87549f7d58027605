"""The fold of a batch: any cut of a history comes to the same accounts; claims are answered once, where it is live."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from schemas.facts import (
    AccountFact,
    AccountRequestCancelled,
    AccountRequested,
    AccountRequestMet,
    AccountRetried,
)
from services.provisioner.account import Account, Erred, Ok, Pending, Stored, Unwanted
from services.provisioner.intake.fold import Folded, fold
from tests.unit.provisioner.accounts import (
    NOW,
    PROJECT,
    A,
    account_id_of,
    claim,
    every_fact,
    failed,
    made,
    met,
    requested,
    retried,
    waiting,
)

LIVE = frozenset({0})

Said = AccountRequested | AccountFact


class Tables:
    """What would be stored, and what the outbox was given; refuses what the tables would refuse."""

    def __init__(self, *, live: bool = False) -> None:
        self.stored: dict[UUID, Stored] = {}
        self.decided: list[AccountFact] = []
        self.live = frozenset({0}) if live else frozenset()

    def batch(self, facts: Iterable[Said]) -> Folded:
        """Fold and store one batch."""
        by_account: dict[UUID, list[Said]] = {}
        for fact in facts:
            by_account.setdefault(fact.account_id, []).append(fact)
        known = {key: self.stored[key] for key in by_account if key in self.stored}
        folded = fold(known, by_account, dict.fromkeys(by_account, 0), live=self.live, now=NOW)
        for new in folded.new:
            assert new.account.account_id not in self.stored
            # The table's columns for a new account hold only this much.
            account = new.account
            assert account == Account(account.account_id, account.project_id, account.creator, account.order)
            self.stored[new.account.account_id] = new
        for change in folded.changed:
            before = self.stored[change.before.account_id]
            assert before.account == change.before
            self.stored[change.before.account_id] = Stored(change.after, before.partition)
        self.decided += [fact for _, fact in folded.decided]
        return folded

    def accounts(self) -> Mapping[UUID, Account]:
        """As they are stored now."""
        return {key: stored.account for key, stored in self.stored.items()}


def cut(facts: Sequence[Said], cuts: Iterable[int]) -> list[Sequence[Said]]:
    """The same history in batches."""
    ends = sorted({0, *(min(c, len(facts)) for c in cuts), len(facts)})
    return [facts[start:end] for start, end in pairwise(ends)]


def folded(facts: Sequence[Said], cuts: Iterable[int] = (), *, live: bool = False) -> Tables:
    """Tables after a history."""
    tables = Tables(live=live)
    for batch in cut(facts, cuts):
        tables.batch(batch)
    return tables


@st.composite
def histories(draw: st.DrawFn) -> list[Said]:
    """Requests and outcomes of three people by four imports, in any order, with repetitions."""
    facts: list[Said] = []
    for _ in range(draw(st.integers(1, 20))):
        person, import_ = draw(st.integers(1, 3)), draw(st.integers(1, 4))
        if draw(st.booleans()):
            facts.append(requested(import_, person, erred=draw(st.sampled_from(["retry", "leave"]))))
        else:
            about_first = draw(st.sampled_from(every_fact(draw(st.integers(1, 6)), import_)))
            facts.append(_about(about_first, person, import_))
    return facts


def _about(fact: AccountFact, person: int, import_: int) -> AccountFact:
    return replace(fact, account_id=account_id_of(person), claim=claim(import_, person))


CUTS = st.lists(st.integers(0, 20), max_size=6)


@given(histories(), CUTS)
def test_batches_do_not_matter(history: list[Said], cuts: list[int]) -> None:
    """Any cut leaves the same accounts, in partitions that are only read."""
    assert folded(history, cuts).accounts() == folded(history).accounts()


@given(histories(), CUTS)
def test_reading_again_changes_nothing(history: list[Said], cuts: list[int]) -> None:
    """The same history once more, over the tables it made, has no change, no work and no word."""
    tables = folded(history)
    again = [tables.batch(batch) for batch in cut(history, cuts)]
    # An account whose outcomes came before its request has those still ahead of it when it is read again.
    first = {key: next(f for f in history if f.account_id == key) for key in tables.stored}
    if all(isinstance(fact, AccountRequested) for fact in first.values()):
        assert all(not (batch.new or batch.changed or batch.decided) for batch in again)


@given(histories(), CUTS)
def test_nothing_is_decided_while_reading_up(history: list[Said], cuts: list[int]) -> None:
    """In a partition that was not read to its end an answer may be there already: none is given."""
    assert folded(history, cuts).decided == []


@given(histories(), CUTS)
def test_every_claim_is_answered_once_where_it_is_live(history: list[Said], cuts: list[int]) -> None:
    """One answer a claim, in every cut; none is open afterwards, and each version is given out once."""
    tables = folded([f for f in history if isinstance(f, AccountRequested)], cuts, live=True)
    claims = {f.claim.request_id for f in history if isinstance(f, AccountRequested)}
    first = {stored.account.creator.request_id for stored in tables.stored.values()}
    answers = [fact.claim.request_id for fact in tables.decided]
    assert sorted(answers) == sorted(claims - first)
    assert all(not account.open_claims for account in tables.accounts().values())
    versions = [(fact.account_id, fact.account_version) for fact in tables.decided]
    assert len(set(versions)) == len(versions)


@given(histories(), CUTS)
def test_who_reads_what_the_live_one_said_knows_the_same(history: list[Said], cuts: list[int]) -> None:
    """Requests, then our answers after them: read up from nothing, they come to the same accounts."""
    requests = [f for f in history if isinstance(f, AccountRequested)]
    live = folded(requests, cuts, live=True)
    assert folded([*requests, *live.decided], cuts).accounts() == live.accounts()


def test_a_new_account_is_due() -> None:
    """It is inserted as it was asked for, in its partition, with an order that follows from the first request."""
    batch = Tables(live=True).batch([requested(1)])
    (new,) = batch.new
    order = new.account.order
    assert new.account == Account(A, PROJECT.project_id, claim(1), order)
    assert (order.email, order.owner, order.scope) == (
        "person1@example.org",
        "manager",
        "parallel",
    )
    assert batch.due == [new]
    assert (batch.changed, batch.decided, batch.stray) == ([], [], 0)


def test_an_account_that_is_done_within_the_batch_is_not_due() -> None:
    """Asked for and created long ago, read in one go: stored as it is, nothing to do."""
    tables = Tables()
    batch = tables.batch([requested(1), retried(1), made(2)])
    assert batch.due == []
    assert tables.accounts()[A].standing == Ok("ada")


def test_outcomes_nobody_asked_for_are_counted() -> None:
    """They change nothing."""
    batch = Tables().batch([made(1), met(2)])
    assert (batch.stray, batch.new, batch.changed) == (1, [], [])


def test_a_second_claim_on_a_pending_account_is_no_second_work() -> None:
    """The account is in a chunk already, perhaps under way: met, but not queued again."""
    tables = Tables(live=True)
    tables.batch([requested(1)])
    batch = tables.batch([requested(2), requested(3)])
    assert [(type(f), f.claim) for _, f in batch.decided] == [
        (AccountRequestMet, claim(2)),
        (AccountRequestMet, claim(3)),
    ]
    assert batch.due == []


def test_claims_met_while_reading_up_are_due() -> None:
    """Whoever claims the chunk answers them, once it is live."""
    tables = Tables()
    tables.batch([requested(1), made(1)])
    batch = tables.batch([requested(2)])
    assert tables.accounts()[A].open_claims == (waiting(2),)
    assert [stored.account for stored in batch.due] == [tables.accounts()[A]]


def test_a_claim_that_retries_makes_work() -> None:
    """Given an erred account, when another import asks for it, then it is pending again and due."""
    tables = Tables(live=True)
    tables.batch([requested(1), failed(1)])
    assert isinstance(tables.accounts()[A].standing, Erred)
    batch = tables.batch([requested(2)])
    ((_, answer),) = batch.decided
    assert isinstance(answer, AccountRetried)
    assert [stored.account.standing for stored in batch.due] == [Pending(0, NOW, "REFUSED")]


def test_rows_of_a_stopped_import_are_cancelled_on_arrival() -> None:
    """Given a live partition: nothing is due for it; who asked in the same batch takes the account over."""
    stopped = {claim(1).import_id}
    batch = fold({}, {A: [requested(1), requested(2)]}, {A: 0}, live=LIVE, now=NOW, stopped=stopped)
    assert [(type(fact), fact.claim) for _, fact in batch.decided] == [
        (AccountRequestMet, claim(2)),
        (AccountRequestCancelled, claim(1)),
    ]
    assert [one.account.creator for one in batch.due] == [claim(2)]
    alone = fold({}, {A: [requested(1)]}, {A: 0}, live=LIVE, now=NOW, stopped=stopped)
    assert alone.due == []
    assert [change.after.standing for change in alone.changed] == [Unwanted()]


def test_what_may_have_been_worked_on_before_is_not_cancelled_on_arrival() -> None:
    """Given a partition that becomes live with this batch: it is due, and whoever takes it decides."""
    stopped = {claim(1).import_id}
    batch = fold(
        {}, {A: [requested(1)]}, {A: 0}, live=LIVE, live_before=frozenset(), now=NOW, stopped=stopped
    )
    assert batch.decided == []
    assert [one.account.account_id for one in batch.due] == [A]
    assert batch.fresh == {A}


def test_an_outcome_that_is_news_says_that_the_tables_are_older() -> None:
    """Only where the log is not yet read to its end: there our own words should be known."""
    history = {A: [requested(1), made(1)]}
    assert fold({}, history, {A: 0}, live=frozenset(), now=NOW).learned
    assert not fold({}, history, {A: 0}, live=LIVE, now=NOW).learned
    known = fold({}, history, {A: 0}, live=frozenset(), now=NOW).changed[0].after
    again = fold({A: Stored(known, 0)}, {A: [made(1)]}, {A: 0}, live=frozenset(), now=NOW)
    assert not again.learned
