"""What is decided next: answers to claims, and what an attempt came to. Facts in, facts out; no clock, no chance."""

from collections.abc import Container
from datetime import datetime, timedelta
from uuid import UUID

from schemas.codes import explain
from schemas.facts import (
    AccountCreated,
    AccountFact,
    AccountFailed,
    AccountRequestCancelled,
    AccountRequestMet,
    AccountRetried,
    CreatedPersonal,
    FailedPersonal,
)
from schemas.facts.accounts import Found
from services.provisioner.account.evolve import evolve
from services.provisioner.account.outcome import (
    Failed,
    Gone,
    Made,
    NotTried,
    Outcome,
    Unclear,
    Withheld,
)
from services.provisioner.account.state import (
    Account,
    Closed,
    Closing,
    Erred,
    Ok,
    OpenClaim,
    Pending,
    Unwanted,
)
from services.provisioner.retry import GiveUp, Retry, RetryPolicy


def answer_claims(
    account: Account, now: datetime, stopped: Container[UUID] = frozenset()
) -> list[AccountFact]:
    """The answers to all open claims, in the order they came; one may set the account going again.

    Claims of `stopped` imports are cancelled. While the account is being closed the others wait.
    """
    facts: list[AccountFact] = []
    current: Account | None = account
    while current is not None and current.open_claims:
        fact = _next_answer(current, now, stopped)
        if fact is None:
            break
        facts.append(fact)
        current = evolve(current, fact)
    return facts


def _next_answer(account: Account, now: datetime, stopped: Container[UUID]) -> AccountFact | None:
    for open_claim in account.open_claims:
        if open_claim.claim.import_id in stopped:
            return AccountRequestCancelled(
                account_id=account.account_id, account_version=account.version + 1, claim=open_claim.claim
            )
    return _answer(account, account.open_claims[0], now) if account.needs_answer else None


def _answer(account: Account, open_claim: OpenClaim, now: datetime) -> AccountFact:
    wishes = open_claim.if_exists
    match account.standing:
        case Pending():
            return _found(account, open_claim, "pending")
        case Ok():
            return _found(account, open_claim, "ok")
        case Erred() as erred if wishes.erred == "retry":
            return AccountRetried(
                account_id=account.account_id,
                account_version=account.version + 1,
                claim=open_claim.claim,
                attempt=erred.attempt if erred.effect_unknown else 0,
                cause=erred.code,
                next_attempt_at=now,
                asked_by="claim",
                life=account.life,
                series=account.series if erred.effect_unknown else account.series + 1,
                effect="unknown" if erred.effect_unknown else "none",
                doubts=0,
            )
        case Erred():
            return _found(account, open_claim, "erred")
        case Closing(username) if username:
            return _found(account, open_claim, "ok")  # it could not be closed: it is there
        case Closed() if wishes.closed == "leave":
            return _found(account, open_claim, "closed")
        case Closing() | Closed() | Unwanted():
            # What could not be closed because nobody knew whether it exists is asked for under its old key.
            doubtful = isinstance(account.standing, Closing)
            return AccountRetried(
                account_id=account.account_id,
                account_version=account.version + 1,
                claim=open_claim.claim,
                attempt=0,
                cause="REOPENED",
                next_attempt_at=now,
                asked_by="claim",
                life=account.life if doubtful else account.life + 1,
                series=account.series if doubtful else 1,
                effect="unknown" if doubtful else "none",
                doubts=0,
            )


def _found(account: Account, open_claim: OpenClaim, found: Found) -> AccountFact:
    return AccountRequestMet(
        account_id=account.account_id,
        account_version=account.version + 1,
        claim=open_claim.claim,
        found=found,
    )


def record_outcome(
    account: Account, outcome: Outcome, *, now: datetime, policy: RetryPolicy, jitter: float
) -> AccountFact | None:
    """The fact that an attempt to make it becomes; None if the account does not wait for one.

    Args:
        account: the account as it was when the attempt began.
        outcome: what the attempt came to.
        now: the time of the outcome.
        policy: how often and when to try again.
        jitter: a number in [0, 1) that spreads retries.
    """
    if not isinstance(account.standing, Pending):
        return None
    pending = account.standing
    version, attempt = account.version + 1, pending.attempt + 1
    match outcome:
        case Made():
            return AccountCreated(
                account_id=account.account_id,
                account_version=version,
                claim=account.creator,
                attempt=attempt,
                created_at=outcome.created_at or now,
                expires_at=outcome.expires_at,
                adopted=outcome.adopted,
                personal=CreatedPersonal(username=outcome.username),
            )
        case Failed():
            unknown = (pending.effect_unknown or outcome.doubtful) and not outcome.settles
            return _failed(account, outcome.code, attempt, effect_unknown=unknown, detail=outcome.detail)
        case NotTried() | Unclear():
            unclear = pending.effect_unknown or isinstance(outcome, Unclear)
            doubt = isinstance(outcome, Unclear) and outcome.counts
            doubts = pending.doubts + doubt
            what_next = policy.decide(
                outcome.code,
                doubts if doubt else attempt,
                jitter,
                retry_after=outcome.retry_after,
                limited=doubt or isinstance(outcome, NotTried),
            )
            match what_next:
                case Retry(after):
                    return AccountRetried(
                        account_id=account.account_id,
                        account_version=version,
                        claim=account.creator,
                        attempt=attempt,
                        cause=outcome.code,
                        next_attempt_at=now + timedelta(seconds=after),
                        asked_by="policy",
                        life=account.life,
                        series=account.series,
                        effect="unknown" if unclear else "none",
                        doubts=doubts,
                    )
                case GiveUp():
                    code = "OUTCOME_UNKNOWN" if unclear else "ATTEMPTS_EXHAUSTED"
                    return _failed(account, code, attempt, effect_unknown=unclear, detail="")
        case Gone() | Withheld():
            return None


def _failed(account: Account, code: str, attempt: int, *, effect_unknown: bool, detail: str) -> AccountFailed:
    entry = explain(code)
    return AccountFailed(
        account_id=account.account_id,
        account_version=account.version + 1,
        claim=account.creator,
        attempt=attempt,
        code=code,
        message=entry.message,
        can_retry=entry.can_retry,
        effect="unknown" if effect_unknown else "none",
        personal=FailedPersonal(detail=detail[:500]),
    )
