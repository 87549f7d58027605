"""Stand-ins for provisioner and projector in tests of commands: they remember what they are told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.importer.commands.provisioner import Cause, Claim
from tests.integration.importer.support import View


@dataclass
class Told:
    """Stands for the provisioner's commands: takes everything, or cannot be reached."""

    reachable: bool = True
    stopped: list[UUID] = field(default_factory=list)
    released: dict[Claim, Cause] = field(default_factory=dict)
    calls: int = 0

    async def stop(self, import_id: UUID, *, author: str, reason: str) -> bool:
        """As the provisioner would."""
        self.calls += 1
        if self.reachable:
            self.stopped.append(import_id)
        return self.reachable

    async def release(self, import_id: UUID, *, author: str, cause: Cause, claims: Sequence[Claim]) -> bool:
        """As the provisioner would."""
        self.calls += 1
        if self.reachable:
            self.released |= dict.fromkeys(claims, cause)
        return self.reachable

    async def foretell(self, import_id: UUID, claims: Sequence[Claim]) -> dict[str, int] | None:
        """Every account would be closed."""
        return {"close": len(claims), "kept": 0, "nothing": 0, "pending": 0} if self.reachable else None


@dataclass
class Screen(View):
    """Stands for the projector: says of every import that it is in this state."""

    state: str | None = "running"

    async def status(self, import_id: UUID) -> dict[str, Any] | None:
        """What it is set to."""
        return None if self.state is None else {"uuid": import_id.hex, "state": self.state}

    async def row(self, import_id: UUID, row: int) -> dict[str, Any] | None:
        """It knows no rows: the importer answers from what it knows."""
        return None
