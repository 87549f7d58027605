"""What a backend need not write: the verbs that not every target has."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date, datetime
from types import TracebackType
from typing import Self

from services.provisioner.backends.outcomes import (
    CannotExtend,
    CannotList,
    CannotLookUp,
    CloseResult,
    CreateResult,
    ExtendResult,
    ListResult,
    LookUpResult,
    NotSent,
)
from services.provisioner.backends.protocol import Capabilities, CreateRequest


class SimpleBackend(ABC):
    """A `Backend` that can create and close; everything else says that it cannot be done.

    Override what the target can do, and say so in `capabilities`. It is its own context manager, as a factory is
    to return one: what is to be done at the end belongs into `stop`.
    """

    capabilities = Capabilities()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def stop(self) -> None:
        """Let go of connections and files."""
        return

    async def prepare(self) -> NotSent | None:
        """Nothing to make ready."""
        return None

    @abstractmethod
    async def create(self, request: CreateRequest) -> CreateResult:
        """Create one account, or get the outcome its key already has."""

    @abstractmethod
    async def close(self, username: str) -> CloseResult:
        """Close an account; one the target does not know counts as closed."""

    async def create_many(self, requests: Sequence[CreateRequest]) -> list[CreateResult]:
        """One by one, at the same time."""
        return list(await asyncio.gather(*map(self.create, requests)))

    async def look_up(self, email: str, scope: str) -> LookUpResult:  # noqa: ARG002 - of the protocol
        """Nobody can be found."""
        return CannotLookUp()

    async def extend(self, username: str, valid_to: date | datetime) -> ExtendResult:  # noqa: ARG002 - same
        """Accounts keep their end."""
        return CannotExtend()

    async def list_accounts(self, more: str | None = None) -> ListResult:  # noqa: ARG002 - same
        """Nothing is listed."""
        return CannotList()
