"""How facts change an account."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.facts import (
    ALL_FACTS,
    AccountClosed,
    AccountCloseRequested,
    AccountFact,
    AccountKept,
    AccountRequestCancelled,
    AccountRequested,
    Fact,
)
from services.provisioner.account import (
    Account,
    Closed,
    Closing,
    Erred,
    How,
    Ok,
    OtherClaim,
    Pending,
    Standing,
    evolve,
    order_of,
)
from tests.support.facts import of_model
from tests.unit.provisioner.accounts import (
    NOW,
    PROJECT,
    STANDINGS,
    A,
    account,
    claim,
    every_fact,
    failed,
    made,
    met,
    requested,
    retried,
    waiting,
)

ANY_STANDING = pytest.mark.parametrize("standing", STANDINGS.values(), ids=STANDINGS)


def test_a_first_request_begins_an_account() -> None:
    """Given nothing, when it is asked for, then it is pending, and the claim is its creator."""
    fresh = Account(A, PROJECT.project_id, claim(1), order_of(requested(1)), Pending(), version=0)
    assert evolve(None, requested(1)) == fresh


@pytest.mark.parametrize("fact", every_fact(1, of=1), ids=lambda fact: type(fact).__name__)
def test_an_outcome_of_nothing_is_nothing(fact: AccountFact) -> None:
    """Given nothing, when an outcome comes, then there is still nothing."""
    assert evolve(None, fact) is None


@ANY_STANDING
def test_a_later_request_waits_for_its_answer(standing: Standing) -> None:
    """Given an account, when others ask for it, then their claims are open, in order, and nothing else changes."""
    before = account(standing)
    after = before
    for import_ in (2, 3):
        after = evolve(after, requested(import_, erred="leave")) or after
    assert after == replace(before, open_claims=(waiting(2, erred="leave"), waiting(3, erred="leave")))


@ANY_STANDING
@pytest.mark.parametrize("known", ["creator", "open", "answered"])
def test_a_request_that_is_known_changes_nothing(standing: Standing, known: str) -> None:
    """Given a claim that was met before, when its request comes again, then nothing changes."""
    again = claim(2)
    before = account(
        standing,
        open_claims=(waiting(2),) if known == "open" else (),
        others=(OtherClaim(again, How.MET),) if known == "answered" else (),
    )
    assert evolve(before, requested(1 if known == "creator" else 2)) is before


@ANY_STANDING
@pytest.mark.parametrize("version", [1, 4, 5])
@pytest.mark.parametrize("of", [1, 2])
def test_late_and_repeated_facts_change_nothing(standing: Standing, version: int, of: int) -> None:
    """Given version 5, when any fact of version 5 or less comes, then nothing changes."""
    before = account(standing, open_claims=(waiting(2),))
    for fact in every_fact(version, of):
        assert evolve(before, fact) is before


@ANY_STANDING
@pytest.mark.parametrize("version", [6, 9])
def test_the_version_is_that_of_the_fact(standing: Standing, version: int) -> None:
    """Given any standing, when a newer fact comes, then the account has its version, also after a gap."""
    for fact in every_fact(version, of=1):
        after = evolve(account(standing), fact)
        assert after is not None
        assert after.version == version


@ANY_STANDING
def test_outcomes_say_where_it_stands(standing: Standing) -> None:
    """Given any standing, when it was created, failed, closed, then that is how it stands."""
    before = account(standing)
    base = {"account_id": A, "account_version": 6, "claim": claim(1)}
    after = {
        fact: evolve(before, fact)
        for fact in (
            made(6, "ada2"),
            failed(6, "ADDRESS_TAKEN"),
            failed(6, "OUTCOME_UNKNOWN", "unknown"),
            AccountClosed(**base),
            AccountCloseRequested(**base, cause="request"),
        )
    }
    assert [found and found.standing for found in after.values()] == [
        Ok("ada2"),
        Erred("ADDRESS_TAKEN", 3, effect_unknown=False),
        Erred("OUTCOME_UNKNOWN", 3, effect_unknown=True),
        Closed(),
        Closing(standing.username if isinstance(standing, Ok | Closing) else None),
    ]


@ANY_STANDING
def test_facts_that_only_say_something_move_nothing(standing: Standing) -> None:
    """Given any standing, when another's claim is met as pending, stopped or kept, then it stands as it stood."""
    before = account(standing)
    for fact in (met(6, found="pending"), *every_fact(6, of=2)):
        if isinstance(fact, AccountRequestCancelled | AccountKept) or getattr(fact, "found", "") == "pending":
            after = evolve(before, fact)
            assert after is not None
            assert (after.standing, after.creator, after.version) == (standing, claim(1), 6)


@ANY_STANDING
def test_an_answer_closes_one_claim(standing: Standing) -> None:
    """Given two open claims, when one is met, then the other is open still, and the first is remembered."""
    before = account(standing, open_claims=(waiting(2), waiting(3)))
    after = evolve(before, met(6, of=2, found="erred"))
    assert after == replace(
        before, version=6, open_claims=(waiting(3),), others=(OtherClaim(claim(2), How.MET),)
    )


def test_an_automatic_retry_keeps_key_and_doubt() -> None:
    """Given an unknown effect, when the policy retries without any, then the key and the doubt stay."""
    before = account(Pending(1, NOW, "TARGET_UNCERTAIN", effect_unknown=True))
    after = evolve(before, retried(6, attempt=2, effect="none"))
    assert after is not None
    assert after.standing == Pending(2, NOW, "TARGET_BUSY", effect_unknown=True)
    assert after.idempotency_key == before.idempotency_key


@pytest.mark.parametrize("life_and_series", [(1, 2), (2, 1)])
def test_a_new_series_begins_without_doubt(life_and_series: tuple[int, int]) -> None:
    """Given an unknown effect, when a new life or series begins, then the key is new and nothing is unknown."""
    life, series = life_and_series
    before = account(Erred("OUTCOME_UNKNOWN", 8, effect_unknown=True))
    after = evolve(before, retried(6, life=life, series=series, attempt=0))
    assert after is not None
    assert isinstance(after.standing, Pending)
    assert not after.standing.effect_unknown
    assert after.idempotency_key != before.idempotency_key


def test_the_claim_that_retries_becomes_the_creator() -> None:
    """Given an erred account, when another import's claim retries it, then the outcome will be that import's."""
    before = account(Erred("REFUSED", 1, effect_unknown=False), open_claims=(waiting(2), waiting(3)))
    after = evolve(before, retried(6, of=2, asked_by="claim", series=2, attempt=0))
    assert after is not None
    assert after.creator == claim(2)
    assert after.open_claims == (waiting(3),)
    assert after.others == (OtherClaim(claim(1), How.FOLLOWER, before.order),)
    assert evolve(after, requested(1)) is after


@given(
    st.lists(
        st.one_of(
            [of_model(model) for model in ALL_FACTS if issubclass(model, AccountRequested | AccountFact)]
        ),
        max_size=12,
    )
)
def test_it_is_total(facts: list[Fact]) -> None:
    """Any facts in any order: nothing raises, and the version never falls."""
    current: Account | None = None
    for fact in facts:
        assert isinstance(fact, AccountRequested | AccountFact)
        before = current
        current = evolve(current, fact)
        assert before is None or (current is not None and current.version >= before.version)
        assert current is None or evolve(current, fact) is current


@pytest.mark.parametrize(
    ("effect", "series", "body_changes"), [("none", 2, True), ("unknown", 1, False)], ids=["none", "unknown"]
)
def test_a_claim_that_takes_over_brings_its_order(effect: Any, series: int, body_changes: bool) -> None:
    """An extended course counts at once; the body changes only with the key it is sent under."""
    later = date(2027, 6, 30)
    second = requested(2)
    second = replace(second, project=replace(second.project, end_date=later))
    erred = evolve(account(Erred("COURSE_ENDED", 1, effect == "unknown"), version=1), second)
    after = evolve(erred, retried(2, of=2, series=series, asked_by="claim", effect=effect))
    assert after is not None
    assert after.order.course_ends == later
    assert (after.order.body != account().order.body) is body_changes
