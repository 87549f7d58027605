"""What a job comes to for one account, beside what the account itself allows: codes, stopped imports, who chose it."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from schemas.facts import AccountCloseRequested, AccountRetried, ClaimRef
from services.provisioner.account import Account, Closed, Erred, How, Ok, Order, OtherClaim, Standing
from services.provisioner.account.commands import Conflict
from services.provisioner.jobs.deciding import Circumstances, decide
from services.provisioner.jobs.order import Action, Job, JobOrder, under

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
REFUSED = Erred("REFUSED", 1, effect_unknown=False)
ASIDE = UUID(int=31)
"""An import that followed."""
NAMED, CHOSEN = None, UUID(int=21)


def account(standing: Standing, *others: How) -> Account:
    """An account of import 21, with claims of import 31."""
    claim = ClaimRef(request_id=UUID(int=1), import_id=CHOSEN, row=1)
    follower = ClaimRef(request_id=UUID(int=2), import_id=ASIDE, row=1)
    return Account(
        UUID(int=5),
        UUID(int=7),
        claim,
        Order("ada@example.org", "course", "manager", None, b"{}"),
        standing,
        version=3,
        others=tuple(OtherClaim(follower, how) for how in others),
    )


def job(action: Action, import_id: UUID | None = NAMED, *codes: str) -> Job:
    """A job about an import, or about accounts by name."""
    return Job(
        job_id=UUID(int=9), action=action, cause="request", author="mari", reason="", project_id=None,
        import_id=import_id, codes=codes, state="running", total=1, changed=0, unchanged=0, refused=0, dropped=0,
        parts_left=1, created_at=NOW, started_at=NOW, finished_at=None,
    )  # fmt: skip


def decided(asked: Job, one: Account | None, *stopped: UUID, over: bool = False) -> list[str] | str:
    """The types of the facts, or the code of the refusal."""
    found = decide(asked, one, Circumstances(NOW, course_over=over, stopped=stopped, untouched=False))
    return found.code if isinstance(found, Conflict) else [type(fact).__name__ for fact in found]


RETRIED, CLOSING = [AccountRetried.__name__], [AccountCloseRequested.__name__]


@pytest.mark.parametrize(
    ("asked", "standing", "comes_to"),
    [
        (job("retry"), REFUSED, RETRIED),
        (job("retry", CHOSEN), REFUSED, RETRIED),
        (job("retry", CHOSEN, "REFUSED", "OTHER"), REFUSED, RETRIED),
        (job("retry", CHOSEN, "OTHER"), REFUSED, []),
        (job("retry", NAMED, "OTHER"), REFUSED, []),
        # One that was chosen and has moved on since is left alone; one that was named is refused.
        (job("retry", CHOSEN), Ok("ada"), []),
        (job("retry"), Ok("ada"), "ACCOUNT_OK"),
        (job("close", CHOSEN), Ok("ada"), CLOSING),
        (job("close"), Closed(), []),
        (job("close", CHOSEN, "REFUSED"), Ok("ada"), []),
    ],
)
def test_codes_and_who_was_chosen(asked: Job, standing: Standing, comes_to: list[str] | str) -> None:
    """Facts, nothing to do, or a refusal."""
    assert decided(asked, account(standing)) == comes_to


def test_what_nobody_would_make_is_not_retried() -> None:
    """Every import that asks for it is stopped: it would be cancelled before its next attempt; closing needs nobody."""
    assert decided(job("retry", CHOSEN), account(REFUSED), CHOSEN) == "IMPORT_CANCELLED"
    assert decided(job("retry"), account(REFUSED, How.ENDED), CHOSEN) == "IMPORT_CANCELLED"
    assert decided(job("retry"), account(REFUSED, How.FOLLOWER), CHOSEN) == RETRIED
    assert decided(job("retry"), account(REFUSED, How.FOLLOWER), CHOSEN, ASIDE) == "IMPORT_CANCELLED"
    assert decided(job("close"), account(Ok("ada")), CHOSEN) == CLOSING
    assert decided(job("retry"), account(REFUSED), over=True) == "COURSE_ENDED"
    assert decided(job("retry"), None) == "ACCOUNT_UNKNOWN"


def test_a_key_stands_for_one_order_of_one_person() -> None:
    """The same again is the same job, whatever the reason given; another order or person is another job."""
    order = JobOrder(action="retry", author="mari", import_id=CHOSEN, codes=["REFUSED"], reason="fixed")
    first = under("key", order).job_id
    assert first is not None
    assert under("key", replace(order, reason="")).job_id == first
    others = [
        under("other", order), under("key", replace(order, author="ada")), under("key", replace(order, codes=[])),
        under("key", replace(order, action="close")), under("key", replace(order, rows=[1])),
    ]  # fmt: skip
    assert len({first, *(other.job_id for other in others)}) == 6
    assert under(None, order).job_id is None
