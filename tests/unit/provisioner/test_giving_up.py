"""Giving up claims: what a stop cancels, what a release closes, keeps or leaves, each for each standing."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from schemas import ids
from schemas.facts import (
    AccountClosed,
    AccountCloseRequested,
    AccountCreated,
    AccountKept,
    AccountRequestCancelled,
    AccountRetried,
    ClaimRef,
)
from services.provisioner.account import (
    Account,
    Closing,
    How,
    Ok,
    OtherClaim,
    Pending,
    Unwanted,
    answer_claims,
    claims_of,
    evolve,
    fate,
    order_of,
    release,
    stop,
    told,
    undo_late_effect,
)
from services.provisioner.account.outcome import Made
from tests.unit.provisioner.accounts import NOW, STANDINGS, account, claim, requested, waiting


def follower(import_: int) -> OtherClaim:
    """A claim that shares what becomes of the account."""
    return OtherClaim(claim(import_), How.FOLLOWER, order_of(requested(import_)))


def user(import_: int) -> OtherClaim:
    """A claim that found it there."""
    return OtherClaim(claim(import_), How.MET)


def stopped(*imports: int) -> set[UUID]:
    """Imports by number."""
    return {claim(import_).import_id for import_ in imports}


def cancelled(of: Account, *imports: int, no_effect: bool = True) -> tuple[list[int], Account]:
    """Whose claims a stop of these imports cancels, in order, and what is left."""
    facts, after = stop(of, stopped(*imports), NOW, no_effect=no_effect)
    assert all(isinstance(fact, AccountRequestCancelled) for fact in facts)
    numbers = {claim(n): n for n in range(1, 9)}
    return [numbers[fact.claim] for fact in facts], after


def test_nobody_else_wants_it() -> None:
    """Given a pending account, when its only import is stopped, then it is never made; a second stop says nothing."""
    whose, after = cancelled(account(), 1)
    assert (whose, after.standing, after.version) == ([1], Unwanted(), 6)
    assert cancelled(after, 1) == ([], after)


def test_the_oldest_follower_goes_on_under_a_new_key() -> None:
    """Given followers, when the creator is stopped, then the first takes over with its own words, at once."""
    before = account(Pending(3, NOW, "TARGET_BUSY"), others=(user(2), follower(3), follower(4)))
    whose, after = cancelled(before, 1)
    assert (whose, after.creator, after.standing) == ([1], claim(3), Pending())
    assert after.order == order_of(requested(3))
    assert after.idempotency_key != before.idempotency_key
    assert [(o.claim, o.how) for o in after.others] == [
        (claim(1), How.ENDED),
        (claim(2), How.MET),
        (claim(4), How.FOLLOWER),
    ]


def test_stopped_followers_do_not_inherit() -> None:
    """Given that the first follower is stopped as well, then the next one takes over."""
    whose, after = cancelled(account(others=(follower(2), follower(3))), 1, 2)
    assert (whose, after.creator) == ([2, 1], claim(3))


@pytest.mark.parametrize("no_effect", [True, False])
def test_a_doubt_is_settled_first(no_effect: bool) -> None:
    """Given an effect that nobody confirmed, when it is stopped, then only the followers' claims are cancelled."""
    standing = STANDINGS["pending, unknown"] if no_effect else Pending()
    whose, after = cancelled(account(standing, others=(follower(2),)), 1, 2, no_effect=no_effect)
    assert (whose, after.creator, after.standing) == ([2], claim(1), standing)


@pytest.mark.parametrize("standing", [name for name in STANDINGS if not name.startswith("pending")])
def test_what_has_ended_is_not_cancelled(standing: str) -> None:
    """Given any end, when its imports are stopped, then nothing is said of answered claims."""
    before = account(STANDINGS[standing], others=(follower(2),))
    assert cancelled(before, 1, 2) == ([], before)


@pytest.mark.parametrize(
    ("standing", "undo", "correction"),
    [
        ("pending", "pending", "pending"),
        ("pending, unknown", "pending", "pending"),
        ("ok", "close", "close"),
        ("erred", "nothing", "close"),
        ("erred, unknown", "close", "close"),
        ("closing", "nothing", "nothing"),
        ("close failed", "nothing", "nothing"),
        ("closed", "nothing", "nothing"),
        ("unwanted", "nothing", "nothing"),
    ],
)
def test_the_fate_of_the_only_claim(standing: str, undo: str, correction: str) -> None:
    """Given a creator alone, when it gives up, then what follows depends on how the account stands."""
    of, request = account(STANDINGS[standing]), claim(1).request_id
    assert [fate(of, request, "undo"), fate(of, request, "correction")] == [undo, correction]
    facts = release(of, request, "correction", "manager")
    if standing == "erred":
        assert [type(fact) for fact in facts] == [AccountClosed]
    else:
        assert [type(fact) for fact in facts] == [AccountCloseRequested] * (correction == "close")


@pytest.mark.parametrize(
    "more", [{"others": (user(2),)}, {"others": (follower(2),)}, {"open_claims": (waiting(2),)}], ids=str
)
def test_what_others_use_is_kept(more: dict[str, Any]) -> None:
    """Given another live claim, when the creator gives up, then it is kept, once; the last to give up closes it."""
    before = account(STANDINGS["ok"], **more)
    facts, after = told(before, release(before, claim(1).request_id, "undo", "manager"))
    (kept,) = facts
    assert isinstance(kept, AccountKept)
    assert kept.reason == "other_claim"
    assert after.standing == before.standing
    assert release(after, claim(1).request_id, "undo", "manager") == []
    assert fate(after, claim(2).request_id, "undo") == "close"
    last, closing = told(after, release(after, claim(2).request_id, "undo", "manager"))
    ends = AccountRequestCancelled if "open_claims" in more else AccountKept
    assert [(type(fact), fact.claim) for fact in last] == [
        (ends, claim(2)),
        (AccountCloseRequested, claim(1)),
    ]
    assert closing.standing == Closing("ada")
    assert release(closing, claim(2).request_id, "undo", "manager") == []


@pytest.mark.parametrize("more", [{"others": (user(2),)}, {"open_claims": (waiting(2),)}], ids=str)
def test_who_is_not_the_creator_only_ends(more: dict[str, Any]) -> None:
    """Given a creator that still wants it, when another gives up, then it stands; then the creator is alone."""
    before = account(STANDINGS["ok"], **more)
    facts, after = told(before, release(before, claim(2).request_id, "undo", "manager"))
    assert (len(facts), after.standing) == (1, before.standing)
    assert fate(before, claim(1).request_id, "undo") == "kept"
    assert fate(after, claim(1).request_id, "undo") == "close"


def test_strangers_change_nothing() -> None:
    """Given a claim nobody knows, or no account, then there is nothing to give up."""
    assert fate(None, claim(1).request_id, "undo") == "nothing"
    assert release(account(STANDINGS["ok"]), claim(7).request_id, "undo", "manager") == []


def test_the_claims_of_an_import() -> None:
    """Those that still live, wherever they stand."""
    of = account(others=(user(2), replace(user(3), how=How.ENDED)), open_claims=(waiting(4),))
    found = [claims_of(of, claim(n).import_id) for n in (1, 2, 3, 4, 5)]
    assert found == [[claim(1).request_id], [claim(2).request_id], [], [claim(4).request_id], []]


def test_a_late_effect_is_undone() -> None:
    """Given that all had cancelled, when a call turns out to have made it, then that is said, and it is closed."""
    facts, after = told(account(Unwanted()), undo_late_effect(account(Unwanted()), Made("ada"), NOW))
    assert [type(fact) for fact in facts] == [AccountCreated, AccountCloseRequested]
    assert after.standing == Closing("ada")


def test_a_claim_after_everybody_cancelled_begins_a_new_life() -> None:
    """Given that it was never made, when somebody asks, however they wish, then it is made under a new key."""
    _, before = cancelled(account(), 1)
    asked = evolve(before, requested(2, closed="leave", erred="leave"))
    assert asked is not None
    facts, after = stop(asked, set(), NOW, no_effect=True)
    assert (after.creator, after.standing) == (claim(2), Pending(0, NOW, "REOPENED"))
    assert len(facts) == 1
    assert after.idempotency_key != before.idempotency_key
    assert after.order == order_of(requested(2))


def test_a_corrected_row_has_one_claim() -> None:
    """Another description for a failed row: the row's earlier wish does not keep the account from being closed."""
    ask = requested(1)
    again = ClaimRef(
        request_id=ids.request_id(ask.claim.import_id, 1, 1),
        import_id=ask.claim.import_id,
        row=1,
        revision=1,
    )
    erred = account(STANDINGS["erred"])
    corrected = evolve(erred, replace(ask, claim=again))
    assert corrected is not None
    facts, pending = told(corrected, answer_claims(corrected, NOW))
    assert [type(fact) for fact in facts] == [AccountRetried]
    assert pending.creator == again
    made = replace(pending, standing=Ok("ada"))
    assert fate(made, again.request_id, "undo") == "close"
