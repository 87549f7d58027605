"""The protocol of a backend: four verbs, results as values, exceptions only for bugs and cancellation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from services.provisioner.backends.outcomes import CloseResult, CreateResult, LookUpResult, NotSent


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


@dataclass(frozen=True, slots=True)
class CreateRequest:
    """One create, frozen: the same key and body at every repetition, in every process."""

    idempotency_key: str
    body: bytes
    timeout: float
    """Seconds one call may take before its outcome is called unknown."""


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
