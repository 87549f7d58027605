"""What later claims are told: each standing, each wish."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.facts import AccountClosed, AccountRequestCancelled, AccountRequestMet, AccountRetried
from services.provisioner.account import Account, Erred, Pending, answer_claims, evolve
from tests.unit.provisioner.accounts import NOW, STANDINGS, account, claim, waiting

WISHES = [
    {"erred": erred, "closed": closed} for erred in ("retry", "leave") for closed in ("reopen", "leave")
]


@pytest.mark.parametrize("wishes", WISHES, ids=str)
@pytest.mark.parametrize(
    ("standing", "found"),
    [
        ("pending", "pending"),
        ("pending, unknown", "pending"),
        ("ok", "ok"),
        ("erred", "erred"),
        ("erred, unknown", "erred"),
        ("close failed", "ok"),
        ("closed", "closed"),
        ("unwanted", "unwanted"),
    ],
)
def test_one_claim(standing: str, found: str, wishes: dict[str, str]) -> None:
    """A claim is met with what it found, unless it finds an end that it wishes to undo."""
    before = account(STANDINGS[standing], open_claims=(waiting(2, **wishes),), life=3, series=2)
    (answer,) = answer_claims(before, NOW)
    assert (answer.claim, answer.account_version) == (claim(2), 6)
    if standing == "unwanted" or (standing == "closed" and wishes["closed"] == "reopen"):
        assert isinstance(answer, AccountRetried)
        assert (answer.life, answer.series, answer.attempt, answer.cause) == (4, 1, 0, "REOPENED")
    elif found == "erred" and wishes["erred"] == "retry":
        assert isinstance(answer, AccountRetried)
        assert answer.asked_by == "claim"
        assert answer.next_attempt_at == NOW
    else:
        assert isinstance(answer, AccountRequestMet)
        assert answer.found == found


@pytest.mark.parametrize("wishes", WISHES, ids=str)
def test_a_claim_waits_for_the_end_of_a_closing(wishes: dict[str, str]) -> None:
    """Nothing is said while the account is being closed; then it is opened again, if that is wished."""
    before = account(STANDINGS["closing"], open_claims=(waiting(2, **wishes),))
    assert answer_claims(before, NOW) == []
    after = evolve(before, AccountClosed(account_id=before.account_id, account_version=6, claim=claim(1)))
    assert after is not None
    (answer,) = answer_claims(after, NOW)
    assert isinstance(answer, AccountRetried if wishes["closed"] == "reopen" else AccountRequestMet)


def test_claims_of_stopped_imports_are_cancelled() -> None:
    """Wherever the account stands, also while it is being closed; others are answered as ever."""
    stopped = {claim(2).import_id}
    for name, standing in STANDINGS.items():
        before = account(standing, open_claims=(waiting(3), waiting(2)))
        cancelled, *others = sorted(answer_claims(before, NOW, stopped), key=lambda a: a.claim != claim(2))
        assert isinstance(cancelled, AccountRequestCancelled)
        assert len(others) == (name != "closing")


def test_a_retry_after_a_definite_no_has_a_new_key() -> None:
    """Nothing was done, so a new series of attempts begins, with a new key."""
    before = account(Erred("REFUSED", 3, effect_unknown=False), open_claims=(waiting(2),))
    (answer,) = answer_claims(before, NOW)
    assert isinstance(answer, AccountRetried)
    assert (answer.series, answer.attempt, answer.effect) == (2, 0, "none")
    after = evolve(before, answer)
    assert after is not None
    assert after.idempotency_key != before.idempotency_key


def test_a_retry_after_an_unknown_outcome_keeps_the_key() -> None:
    """It may exist: the series, its attempts and its doubt go on."""
    before = account(Erred("OUTCOME_UNKNOWN", 8, effect_unknown=True), open_claims=(waiting(2),))
    (answer,) = answer_claims(before, NOW)
    assert isinstance(answer, AccountRetried)
    assert (answer.series, answer.attempt, answer.effect) == (1, 8, "unknown")
    after = evolve(before, answer)
    assert after is not None
    assert after.idempotency_key == before.idempotency_key
    assert isinstance(after.standing, Pending)
    assert after.standing.effect_unknown


def test_several_claims_are_answered_in_order() -> None:
    """The first that may retries; those before it found it erred, those after it find it pending."""
    before = account(
        STANDINGS["erred"],
        open_claims=(waiting(2, erred="leave"), waiting(3), waiting(4), waiting(5, erred="leave")),
    )
    answers = answer_claims(before, NOW)
    assert [a.claim for a in answers] == [claim(n) for n in (2, 3, 4, 5)]
    assert [a.account_version for a in answers] == [6, 7, 8, 9]
    assert [getattr(a, "found", "retried") for a in answers] == ["erred", "retried", "pending", "pending"]


@given(
    st.sampled_from([standing for name, standing in STANDINGS.items() if name != "closing"]),
    st.lists(
        st.tuples(st.sampled_from(["retry", "leave"]), st.sampled_from(["reopen", "leave"])), max_size=6
    ),
)
def test_every_claim_is_answered_once(standing: object, wishes: list[tuple[str, str]]) -> None:
    """Folding the answers leaves no claim open, one version more for each, and nothing further to say."""
    before = replace(
        account(),
        standing=standing,
        open_claims=tuple(waiting(n, erred=e, closed=c) for n, (e, c) in enumerate(wishes, 2)),
    )
    current: Account = before
    for step, answer in enumerate(answer_claims(before, NOW), 1):
        assert answer.account_version == before.version + step
        current = evolve(current, answer) or current
    assert current.version == before.version + len(wishes)
    assert current.open_claims == ()
    assert answer_claims(current, NOW) == []
    assert all(current.knows(claim(n).request_id) for n in range(1, len(wishes) + 2))
