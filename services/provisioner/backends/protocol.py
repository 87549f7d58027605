"""The protocol of a backend: a few verbs, results as values, exceptions only for bugs and cancellation.

`SimpleBackend` has the verbs that not every target has; a backend made from it writes `create` and `close` only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from services.provisioner.backends.body import OrderDocument, read_order
from services.provisioner.backends.outcomes import (
    CloseResult,
    CreateResult,
    ExtendResult,
    ListResult,
    LookUpResult,
    NotSent,
)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a target can do beyond single creates; one that declares nothing is taken to have nothing."""

    arrays: int = 0
    """How many creates one call may hold; nought or one: single creates only."""
    look_up: bool = False
    """Whether an account can be found by e-mail, and its absence be relied on."""
    keys: bool = False
    """Whether the same key never has a second effect."""
    declared: bool = True
    """Whether the target said so itself; one that says nothing may honour keys all the same."""
    listing: bool = False
    """Whether the target can list its live accounts."""


@dataclass(frozen=True, slots=True)
class CreateRequest:
    """One create, frozen: the same key and body at every repetition, in every process."""

    idempotency_key: str
    body: bytes
    timeout: float
    """Seconds one call may take before its outcome is called unknown."""

    @property
    def order(self) -> OrderDocument:
        """What the body asks for, taken apart: for targets that speak another language."""
        return read_order(self.body)


class Backend(Protocol):
    """A target for accounts. No method raises for anything the target or the network does."""

    @property
    def capabilities(self) -> Capabilities:
        """As last declared by the target; the bare minimum before `prepare` has succeeded."""
        ...

    async def prepare(self) -> NotSent | None:
        """Make the target ready to be called (a token, its capabilities); None when it is."""
        ...

    async def create(self, request: CreateRequest) -> CreateResult:
        """Create one account, or get the outcome its key already has."""
        ...

    async def create_many(self, requests: Sequence[CreateRequest]) -> list[CreateResult]:
        """Create several, in as few calls as the target takes; outcomes in the order of the requests."""
        ...

    async def look_up(self, email: str, scope: str) -> LookUpResult:
        """The live account of an address in a scope."""
        ...

    async def close(self, username: str) -> CloseResult:
        """Close an account; one the target does not know counts as closed."""
        ...

    async def extend(self, username: str, valid_to: date | datetime) -> ExtendResult:
        """Move the end of an account, where the target keeps one."""
        ...

    async def list_accounts(self, more: str | None = None) -> ListResult:
        """The live accounts that were made for courses, some at a time; `more` as the call before gave it."""
        ...
