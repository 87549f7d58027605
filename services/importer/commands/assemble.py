"""The commands, put together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.common.database import Pool
from services.importer.commands.correcting import Correcting
from services.importer.commands.errands import Errands
from services.importer.commands.provisioner import Provisioner
from services.importer.commands.stopping import Stopping
from services.importer.commands.store import find
from services.importer.domain.policy import AddressPolicy
from services.importer.drafts.existing import ExistingAccounts
from services.importer.submission.imports import Imports
from services.importer.submission.read_model import ReadModel
from services.importer.submission.waiting import Waiting


@dataclass(frozen=True, slots=True)
class Commands:
    """What the routes use; `errands.run()` is a task of the service."""

    stopping: Stopping
    correcting: Correcting
    errands: Errands
    imports: Imports
    read_model: ReadModel
    pool: Pool

    async def project_of(self, import_id: UUID) -> UUID | None:
        """The project that an import belongs to; None if there is no such import."""
        target = await find(self.pool, import_id)
        return None if target is None else target.project_id


def commands_of(
    pool: Pool,
    *,
    provisioner: Provisioner,
    existing: ExistingAccounts,
    read_model: ReadModel,
    imports: Imports,
    waiting: Waiting,
    policy: AddressPolicy,
    clock: Callable[[], datetime],
) -> Commands:
    """Wire the commands of one process."""
    errands = Errands(pool, provisioner, clock=clock)
    return Commands(
        Stopping(pool, provisioner, errands, read_model, waiting, clock=clock),
        Correcting(pool, existing, waiting, policy, clock=clock),
        errands,
        imports,
        read_model,
        pool,
    )
