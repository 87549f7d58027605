"""Stories in Postgres: one COPY a batch, and nothing read."""

from services.common.database import Connection
from services.common.sql import load_queries
from services.projector.account_story.fold import StoriesInMemory
from services.projector.core import bulk
from services.projector.core.model import Apply, Batch

_SQL = load_queries("services.projector.account_story")
_INTO_STORY = bulk.CopyInto(
    "account_story",
    {
        "account_id": bulk.uuids,
        "version": bulk.numbers,
        "claims": bulk.numbers,
        "time": bulk.moments,
        "import_id": bulk.same_uuids,
        "row": bulk.numbers,
        "kind": bulk.numbers,
        "data": bulk.raw_texts,
    },
)


class StoryFold:
    """`core.model.Fold` of stories."""

    def __init__(self) -> None:
        self._memory = StoriesInMemory()

    async def load(self, connection: Connection, batch: Batch) -> None:
        """Nothing to read."""

    @property
    def apply(self) -> Apply:
        """Folds one event."""
        return self._memory.apply

    async def store(self, connection: Connection) -> None:
        """Write what the batch told."""
        told = self._memory.told
        if told and not await _INTO_STORY.write_new(connection, told):
            # Only where accounts were emptied and stories were not.
            rows = [(*entry[:-1], entry.data.decode()) for entry in told]
            await connection.execute(_SQL["insert_entries"], *zip(*rows, strict=True))

    async def fill(self, connection: Connection) -> None:
        """As `store`."""
        await self.store(connection)
