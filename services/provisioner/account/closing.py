"""What an attempt to close an account comes to. Facts in, facts out; no clock, no chance."""

from datetime import datetime, timedelta

from schemas.facts import AccountClosed, AccountCloseFailed, AccountFact
from services.provisioner.account.outcome import Failed, Gone, Made, NotTried, Outcome, Unclear, Withheld
from services.provisioner.account.state import Account, Closing
from services.provisioner.retry import GiveUp, Retry, RetryPolicy


def record_close(
    account: Account, outcome: Outcome, *, now: datetime, policy: RetryPolicy, jitter: float
) -> AccountFact | None:
    """The fact that an attempt to close becomes; None if the account is not being closed."""
    standing = account.standing
    if not isinstance(standing, Closing) or standing.given_up:
        return None
    version, attempt = account.version + 1, standing.attempt + 1
    match outcome:
        case Gone():
            return AccountClosed(
                account_id=account.account_id, account_version=version, claim=account.creator
            )
        case Failed(code):
            wish, counts = None, True
        case Unclear(code, wish, counts):
            pass
        case NotTried(code, wish):
            counts = False
        case Made() | Withheld():
            return None
    doubts = standing.doubts + counts
    limited = counts or isinstance(outcome, NotTried)
    what_next = policy.decide(code, doubts if counts else attempt, jitter, retry_after=wish, limited=limited)
    match what_next:
        case Retry(after):
            again: datetime | None = now + timedelta(seconds=after)
        case GiveUp():
            again = None
    return AccountCloseFailed(
        account_id=account.account_id,
        account_version=version,
        claim=account.creator,
        attempt=attempt,
        code=code,
        next_attempt_at=again,
        doubts=doubts,
    )
