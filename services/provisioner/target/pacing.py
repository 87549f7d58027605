"""One attempt may take several calls: each of them is paid for."""

from collections.abc import Sequence
from datetime import date, datetime

from services.provisioner.backends.outcomes import (
    CloseResult,
    CreateResult,
    ExtendResult,
    ListResult,
    LookUpResult,
    NotSent,
)
from services.provisioner.backends.protocol import Backend, Capabilities, CreateRequest
from services.provisioner.target.gate import Gate


def paced(gate: Gate, backend: Backend) -> Backend:
    """`backend` for one attempt: its first call is paid for by the passage, further ones wait for slots.

    The backend itself where the rate is not limited.
    """
    return backend if gate.target.rate is None else _Paced(gate, backend)


class _Paced:
    """A `Backend`. A token it may need is not counted: it is fetched once for many calls."""

    def __init__(self, gate: Gate, backend: Backend) -> None:
        self._gate = gate
        self._backend = backend
        self._paid = True

    @property
    def capabilities(self) -> Capabilities:
        """As the backend's."""
        return self._backend.capabilities

    async def prepare(self) -> NotSent | None:
        """As the backend does."""
        return await self._backend.prepare()

    async def create(self, request: CreateRequest) -> CreateResult:
        """One call."""
        await self._pay()
        return await self._backend.create(request)

    async def create_many(self, requests: Sequence[CreateRequest]) -> list[CreateResult]:
        """One call for as many as the target takes at once."""
        size = max(1, self.capabilities.arrays)
        results: list[CreateResult] = []
        for start in range(0, len(requests), size):
            await self._pay()
            results += await self._backend.create_many(requests[start : start + size])
        return results

    async def look_up(self, email: str, scope: str) -> LookUpResult:
        """One call."""
        await self._pay()
        return await self._backend.look_up(email, scope)

    async def close(self, username: str) -> CloseResult:
        """One call."""
        await self._pay()
        return await self._backend.close(username)

    async def extend(self, username: str, valid_to: date | datetime) -> ExtendResult:
        """One call."""
        await self._pay()
        return await self._backend.extend(username, valid_to)

    async def list_accounts(self, more: str | None = None) -> ListResult:
        """One call."""
        await self._pay()
        return await self._backend.list_accounts(more)

    async def _pay(self) -> None:
        if self._paid:
            self._paid = False
        else:
            await self._gate.slot()
