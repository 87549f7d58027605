"""What a job comes to for one account. Pure."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from schemas.facts import AccountFact
from services.provisioner.account import Account, Closing, Erred, How
from services.provisioner.account.commands import Conflict, close, retry
from services.provisioner.jobs.order import ENDS, Job

UNKNOWN = Conflict("ACCOUNT_UNKNOWN")
STOPPED = Conflict("IMPORT_CANCELLED")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What else counts. `untouched`: certainly nobody has called for the account yet."""

    now: datetime
    course_over: bool
    stopped: Container[UUID]
    untouched: bool


def decide(job: Job, account: Account | None, here: Circumstances) -> list[AccountFact] | Conflict:
    """The facts that follow; none when there is nothing to do.

    Of accounts that were chosen, not named, one that has moved on since is none of the job's business any more.
    """
    if account is None:
        return UNKNOWN
    if job.codes and _code(account) not in job.codes:
        return []
    if job.cause in ENDS and not here.course_over:
        return []  # it was extended meanwhile
    if job.action == "close":
        return close(
            account, cause=job.cause, author=job.author or None, now=here.now, untouched=here.untouched
        )
    if isinstance(account.standing, Erred):
        if not _wanted(account, here.stopped):
            return STOPPED
    elif not job.names_accounts:
        return []
    return retry(account, author=job.author, now=here.now, course_over=here.course_over)


def _code(account: Account) -> str | None:
    return account.standing.code if isinstance(account.standing, Erred | Closing) else None


def _wanted(account: Account, stopped: Container[UUID]) -> bool:
    """Whether some import that goes on asks for it: else it would be cancelled before its next attempt."""
    live = [other.claim.import_id for other in account.others if other.how is not How.ENDED]
    return any(import_id not in stopped for import_id in (account.creator.import_id, *live))
