"""Projects in Postgres."""

from schemas.projects import CourseProject
from services.common.database import Connection
from services.common.sql import load_queries
from services.projector.core.model import Batch, Change, Located
from services.projector.projects.fold import ProjectsInMemory

_SQL = load_queries("services.projector.projects")


class ProjectsFold:
    """`core.model.Fold` of projects; an older revision is left out by the statement that writes."""

    def __init__(self) -> None:
        self._memory = ProjectsInMemory()

    async def load(self, connection: Connection, batch: Batch) -> None:
        """Nothing to read."""

    def apply(self, event: Located, change: Change | None) -> Change | None:
        """Fold one description."""
        if isinstance(event.fact, CourseProject):
            self._memory.apply(event.fact)
        return change

    async def store(self, connection: Connection) -> None:
        """Write the projects of the batch."""
        if projects := self._memory.projects:
            rows = [
                (
                    p.project_id,
                    p.revision,
                    p.name,
                    p.slug,
                    p.kind,
                    p.status,
                    p.start_date,
                    p.end_date,
                    p.ends_at,
                    p.customer.customer_id if p.customer else None,
                    p.customer.name if p.customer else None,
                )
                for p in projects.values()
            ]
            await connection.execute(_SQL["write_projects"], *zip(*rows, strict=True))

    async def fill(self, connection: Connection) -> None:
        """As `store`."""
        await self.store(connection)
