"""What the importer wants to know of the projector."""

from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID


class ReadModel(Protocol):
    """What the importer wants to know of the projector. Never raises: no answer is an answer."""

    async def passed(self, topic: str, partition: int, offset: int, within_s: float) -> bool:
        """Whether the record at `offset` was folded before `within_s` was over."""
        ...

    async def status(self, import_id: UUID) -> dict[str, Any] | None:
        """The status answer, if there is one already."""
        ...

    async def row(self, import_id: UUID, row: int) -> dict[str, Any] | None:
        """One row of the import, as it is listed, if it is there already."""
        ...

    async def accounts(self, account_ids: Sequence[UUID]) -> dict[str, dict[str, Any]]:
        """Those of these accounts that are listed, as they are, by their uuid."""
        ...
