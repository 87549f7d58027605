"""A backend under test, and hands at its target: what the contract needs to see there, and to upset."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Literal

from services.provisioner.backends import Backend, CreateRequest
from services.provisioner.backends.body import creation_body

SCOPE = "python-101"
_numbers = count(1)

Trouble = Literal["lost", "error", "garbled", "slow", "failing", "busy"]
"""What becomes of calls that change something. Done, but: the connection is cut; 500; nobody can read the answer;
the answer takes for ever. Not done: 500; 429 with a Retry-After of 7 seconds."""


class Rig(ABC):
    """What is abstract every target needs; the rest is asked for only if the rig has it."""

    troubles: frozenset[Trouble] = frozenset()
    refused: str | None = None
    """An address, `{}` in it for something unique, that the target refuses."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.number = next(_numbers)

    @abstractmethod
    async def alive(self, email: str) -> list[str]:
        """User names of the accounts of an address that are not closed, by the target's own books."""

    async def made(self, email: str) -> list[str]:
        """User names of all accounts that were ever made for an address, as far as the target remembers."""
        return await self.alive(email)

    async def occupied(self, name: str) -> str | None:
        """An address that somebody else holds, so that it cannot be had; None: that does not happen here."""
        return None

    async def expire_tokens(self) -> bool:
        """Make all tokens useless; False: there are none to expire."""
        return False

    @asynccontextmanager
    async def trouble(self, kind: Trouble) -> AsyncIterator[None]:
        """For a while."""
        raise NotImplementedError(kind)
        yield

    def email(self, name: str) -> str:
        """An address no other test uses; what stands before a plus stays in front."""
        return f"{name}.{self.number}@example.org"

    def request(self, email: str, key: str, *, description: str = "", timeout: float = 10.0) -> CreateRequest:
        """A create, its key made unique to this test."""
        body = creation_body(
            owner_username="manager",
            email=email,
            description=description,
            scope_name="Python 101",
            scope_slug=SCOPE,
            scope_offering_slugs=["hpc"],
        )
        return CreateRequest(f"{self.number}-{key}", body, timeout)
