"""The end of an attempt: whether it still says something of the account, and all that follows from it."""

from collections.abc import Container
from datetime import datetime
from uuid import UUID

from schemas.facts import AccountFact
from services.provisioner.account.closing import record_close
from services.provisioner.account.decide import answer_claims, record_outcome
from services.provisioner.account.giving_up import stop, told
from services.provisioner.account.late import comes_too_late, undo_late_effect
from services.provisioner.account.outcome import Gone, Made, Outcome, Withheld
from services.provisioner.account.state import Account, Closing, Pending
from services.provisioner.retry import RetryPolicy


def still_counts(ours: Account, outcome: Outcome, stored: Account) -> bool:
    """Whether what came of an attempt on `ours` says something of the account as it is stored now.

    What was made under the key it still has was made for it, whichever attempt it was.
    """
    if isinstance(outcome, Made):
        awaited = isinstance(stored.standing, Pending) or comes_too_late(stored)
        return awaited and ours.idempotency_key == stored.idempotency_key
    if (ours.life, ours.series) != (stored.life, stored.series):
        return False
    match ours.standing, stored.standing:
        case Pending() as mine, Pending() as theirs:
            return mine.attempt == theirs.attempt
        case Closing() as mine, Closing() as theirs:
            # One whose name was not known may have been looked for in vain before it was made.
            return (mine.attempt, mine.username) == (theirs.attempt, theirs.username)
        case _:
            return False


def end_attempt(
    account: Account,
    outcome: Outcome,
    *,
    now: datetime,
    policy: RetryPolicy,
    jitter: float,
    stopped: Container[UUID],
) -> tuple[list[AccountFact], Account]:
    """The facts that follow from an outcome, with the account after them.

    Args:
        account: as it is stored; the outcome says something of it.
        outcome: what the attempt came to.
        now: the time of the outcome.
        policy: how often and when to try again.
        jitter: a number in [0, 1) that spreads retries.
        stopped: imports whose claims are cancelled where that can be done without a doubt.
    """
    if isinstance(account.standing, Pending) and isinstance(outcome, Gone | Withheld):
        facts, after = stop(account, stopped, now, no_effect=True)
    elif isinstance(outcome, Made) and comes_too_late(account):
        facts, after = told(account, undo_late_effect(account, outcome, now))
    else:
        record = record_close if isinstance(account.standing, Closing) else record_outcome
        fact = record(account, outcome, now=now, policy=policy, jitter=jitter)
        facts, after = told(account, [] if fact is None else [fact])
    if after.needs_answer:  # the end of a closing was waited for
        answers, after = told(after, answer_claims(after, now, stopped))
        facts = [*facts, *answers]
    return facts, after
