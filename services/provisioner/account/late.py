"""Effects that come too late: a call made the account after it was decided that it shall not be."""

from datetime import datetime

from schemas.facts import AccountCloseRequested, AccountCreated, AccountFact, CreatedPersonal
from services.provisioner.account.outcome import Made
from services.provisioner.account.state import Account, Closed, Closing, Unwanted


def comes_too_late(account: Account) -> bool:
    """Whether nobody waits for the account to be made any more, nor knows that it was."""
    match account.standing:
        case Closed() | Unwanted() | Closing(username=None):
            return True
        case _:
            return False


def undo_late_effect(account: Account, made: Made, now: datetime) -> list[AccountFact]:
    """It was made after all, under the key of its present life and series: say so, and close it."""
    return [
        AccountCreated(
            account_id=account.account_id,
            account_version=account.version + 1,
            claim=account.creator,
            attempt=1,
            created_at=made.created_at or now,
            expires_at=made.expires_at,
            adopted=made.adopted,
            personal=CreatedPersonal(username=made.username),
        ),
        AccountCloseRequested(
            account_id=account.account_id,
            account_version=account.version + 2,
            claim=account.creator,
            cause="undo" if isinstance(account.standing, Unwanted) else "request",
        ),
    ]
