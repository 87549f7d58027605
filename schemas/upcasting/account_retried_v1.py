"""AccountRetried before its second version.

Four fields could be left out. Who forgot `effect` said "none": that lets the next attempt have a new key, and so a
second account. `doubts` was added to it later: written before, it is not there, and none had been counted.
"""

from typing import ClassVar

from schemas.facts.accounts import AccountFact, AccountRetried, AskedBy, Effect
from schemas.facts.base import Count, Few, Moment, Positive, value


@value
class AccountRetriedV1(AccountFact):
    """AccountRetried as it was written before version 2; what is left out has the value that it had then."""

    TYPE: ClassVar[str] = "org.course-accounts.account-retried.v1"

    attempt: Count
    cause: str
    next_attempt_at: Moment
    asked_by: AskedBy
    author: str | None = None
    life: Positive = 1
    series: Positive = 1
    effect: Effect = "none"
    doubts: Few = 0


def raised(old: AccountRetriedV1) -> AccountRetried:
    """The same, with everything said."""
    return AccountRetried(
        account_id=old.account_id,
        account_version=old.account_version,
        claim=old.claim,
        attempt=old.attempt,
        cause=old.cause,
        next_attempt_at=old.next_attempt_at,
        asked_by=old.asked_by,
        author=old.author,
        life=old.life,
        series=old.series,
        effect=old.effect,
        doubts=old.doubts,
    )
