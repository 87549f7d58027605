"""The state of the service: a fold of its journal."""

import re
from functools import lru_cache
from typing import assert_never

from deploy.account_service.journal import Closed, Created, Entry, Refused

_UNUSABLE = re.compile(r"[^a-z0-9]+")


class Book:
    """Accounts, who holds which address, and what each idempotency key was answered."""

    def __init__(self) -> None:
        self.accounts: dict[str, Created] = {}
        self.closed: dict[str, str] = {}
        self.holder: dict[tuple[str, str], str] = {}
        self.by_email: dict[str, tuple[str, ...]] = {}
        self.by_key: dict[str, Created | Refused] = {}
        self.highest = 0
        self.refusals = 0

    def apply(self, entry: Entry) -> None:
        """Take in what is on disk."""
        match entry:
            case Created():
                email = entry.email.lower()
                self.accounts[entry.username] = entry
                self.holder[email, entry.scope] = entry.username
                self.by_email[email] = (*self.by_email.get(email, ()), entry.username)
                self.highest = max(self.highest, entry.number)
                if entry.key is not None:
                    self.by_key[entry.key] = entry
            case Closed():
                self.closed[entry.username] = entry.at
                account = self.accounts[entry.username]
                address = (account.email.lower(), account.scope)
                if self.holder.get(address) == entry.username:
                    del self.holder[address]
            case Refused():
                self.refusals += 1
                self.by_key[entry.key] = entry
            case _:
                assert_never(entry)


def username(scope: str, number: int) -> str:
    """A user name that says which scope it belongs to; unique by its number."""
    return f"{_stem(scope)}-{number:05d}"


@lru_cache(maxsize=1024)
def _stem(scope: str) -> str:
    return _UNUSABLE.sub("-", scope.lower()).strip("-")[:24] or "account"
