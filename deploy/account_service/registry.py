"""Creating, finding and closing accounts: decided here, done once it stands in the journal."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, NamedTuple

from deploy.account_service import answers
from deploy.account_service.answers import Answer
from deploy.account_service.book import Book, username
from deploy.account_service.faults import FaultPlan
from deploy.account_service.journal import Closed, Created, Refused
from deploy.account_service.magic import FLAKY_FAILURES, Attempts, Magic, magic_of
from deploy.account_service.orders import Order, fingerprint
from deploy.account_service.writer import JournalWriter

PAGE = 500
"""Accounts in one part of the list."""


class Wanted(NamedTuple):
    """An order with the key it came under, if keys count."""

    order: Order
    key: str | None
    fingerprint: str
    address: tuple[str, str]
    """What may be alive only once: the e-mail in any case, and the scope."""
    magic: Magic | None


class _Blocked(NamedTuple):
    """Another request is creating an account at this address: wait, then decide again."""

    until: "asyncio.Future[None]"


def wanted(order: Order, key: str | None, *, keys_honoured: bool) -> Wanted:
    """An order ready to be worked on."""
    return Wanted(
        order,
        key if keys_honoured else None,
        fingerprint(order),
        (order.email.lower(), order.scope_slug),
        magic_of(order.email),
    )


class Registry:
    """The accounts and the rules about them. All waiting is for the disk, or for slow addresses."""

    def __init__(
        self,
        book: Book,
        journal: JournalWriter,
        plan: FaultPlan,
        *,
        slow_seconds: float,
        now: Callable[[], datetime],
    ) -> None:
        self._book = book
        self._journal = journal
        self._plan = plan
        self._slow_seconds = slow_seconds
        self._now = now
        self._attempts = Attempts()
        self._number = book.highest
        self._running: set[str] = set()
        self._pending: dict[tuple[str, str], asyncio.Future[None]] = {}
        self._closing: dict[str, asyncio.Future[None]] = {}

    async def create(self, wishes: Sequence[Wanted]) -> list[Answer]:
        """Create what can be created; one answer per wish, in order, all of it on disk.

        Raises:
            JournalUnavailable: nothing of this call happened.
        """
        given: dict[int, Answer] = {}
        mine: set[str] = set()
        try:
            for index, wish in enumerate(wishes):
                if wish.key is None:
                    continue
                stored = self._stored(wish)
                if stored is not None:
                    given[index] = stored
                else:
                    mine.add(wish.key)
                    self._running.add(wish.key)
            todo = [index for index in range(len(wishes)) if index not in given]
            if any(wishes[index].magic is Magic.SLOW for index in todo):
                await asyncio.sleep(self._slow_seconds)
            while todo:
                todo = await self._work(wishes, todo, given)
        finally:
            self._running -= mine
        return [given[index] for index in range(len(wishes))]

    async def close(self, name: str) -> Answer:
        """Close an account; closing a closed one again changes nothing."""
        account = self._book.accounts.get(name)
        if account is None:
            return answers.UNKNOWN_ACCOUNT
        if magic_of(account.email) is Magic.UNCLOSABLE and self._plan.current.unclosable:
            return answers.IN_USE
        while name in self._closing:
            await asyncio.wait([self._closing[name]])
        if name not in self._book.closed:
            done = self._closing[name] = asyncio.get_running_loop().create_future()
            try:
                await self._journal.append([Closed(at=self._time(), username=name)])
            finally:
                del self._closing[name]
                done.set_result(None)
        return self.read(name)

    def read(self, name: str) -> Answer:
        """One account by its user name."""
        account = self._book.accounts.get(name)
        if account is None:
            return answers.UNKNOWN_ACCOUNT
        return Answer(200, {"tempAccount": answers.view(account, self._book.closed.get(name))})

    def find(self, email: str) -> list[dict[str, Any]]:
        """All accounts of an address, oldest first, the closed ones too."""
        if magic_of(email) is Magic.TAKEN:
            return [_somebody_elses(email)]
        names = self._book.by_email.get(email.lower(), ())
        return [answers.view(self._book.accounts[name], self._book.closed.get(name)) for name in names]

    def listed(self, after: int) -> dict[str, Any]:
        """The live ones among some accounts, in the order they were made, and the place to go on from."""
        names = list(islice(self._book.accounts, after, after + PAGE))
        live = [
            answers.view(self._book.accounts[name], None) for name in names if name not in self._book.closed
        ]
        return {"accounts": live, "next": str(after + PAGE) if len(names) == PAGE else None}

    def _stored(self, wish: Wanted) -> Answer | None:
        """The answer this key already has, if it is not for us to work on."""
        entry = self._book.by_key.get(wish.key or "")
        if entry is not None:
            if entry.fingerprint != wish.fingerprint:
                return answers.KEY_REUSED
            return answers.made(entry) if isinstance(entry, Created) else answers.refused(entry)
        return answers.IN_PROGRESS if wish.key in self._running else None

    async def _work(self, wishes: Sequence[Wanted], todo: list[int], given: dict[int, Answer]) -> list[int]:
        """Decide all, write what was decided in one go, and say which must be looked at again."""
        entries: dict[int, Created | Refused] = {}
        blocked: dict[int, asyncio.Future[None]] = {}
        reserved: list[tuple[str, str]] = []
        at = self._time()
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        try:
            for index in todo:
                step = self._decide(wishes[index], at)
                match step:
                    case Answer():
                        given[index] = step
                    case _Blocked():
                        blocked[index] = step.until
                    case Created():
                        entries[index] = step
                        if self._plan.current.unique_addresses:
                            address = wishes[index].address
                            reserved.append(address)
                            self._pending[address] = done
                    case Refused():
                        entries[index] = step
            if entries:
                await self._journal.append(list(entries.values()))
        finally:
            for address in reserved:
                del self._pending[address]
            done.set_result(None)
        for index, entry in entries.items():
            if isinstance(entry, Created):
                given[index] = answers.made(entry, lost=wishes[index].magic is Magic.LOST)
            else:
                given[index] = answers.refused(entry)
        if blocked:
            await asyncio.wait(set(blocked.values()))
        return list(blocked)

    def _decide(self, wish: Wanted, at: str) -> Answer | Created | Refused | _Blocked:
        order, magic, address = wish.order, wish.magic, wish.address
        if magic is Magic.REFUSED or self._plan.refuses(order.email):
            return self._refuse(
                wish, at, 422, "ADDRESS_REFUSED", "The account service does not take this address."
            )
        if magic is Magic.FLAKY and self._attempts.count(address) <= FLAKY_FAILURES:
            return answers.error(
                503, "TEMPORARILY_UNAVAILABLE", "The account service cannot do this now; ask again."
            )
        if self._plan.current.unique_addresses:
            pending = self._pending.get(address)
            if pending is not None:
                return _Blocked(pending)
            if magic is Magic.TAKEN or address in self._book.holder:
                return self._refuse(
                    wish, at, 409, "ACCOUNT_EXISTS", "Somebody has an account with this address."
                )
        self._number += 1
        return Created(
            at=at,
            number=self._number,
            username=username(order.scope_slug, self._number),
            email=order.email,
            scope=order.scope_slug,
            owner=order.owner_username,
            expires_at=order.scope_valid_to,
            key=wish.key,
            fingerprint=wish.fingerprint,
        )

    def _refuse(self, wish: Wanted, at: str, status: int, code: str, message: str) -> Answer | Refused:
        if wish.key is None:
            return answers.error(status, code, message)
        return Refused(
            at=at,
            key=wish.key,
            fingerprint=wish.fingerprint,
            status=status,
            code=code,
            message=message,
        )

    def _time(self) -> str:
        return self._now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _somebody_elses(email: str) -> dict[str, Any]:
    """The account that holds a taken+…@ address: of another owner, bound to no scope."""
    return {
        "username": "held-elsewhere",
        "email": email,
        "status": "active",
        "createdAt": "2020-01-01T00:00:00.000Z",
        "expiresAt": None,
        "closedAt": None,
        "ownerUsername": "somebody-else",
        "scopeSlug": None,
        "idempotencyKey": None,
    }
