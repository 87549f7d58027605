"""Stories in Postgres: one COPY a batch, and nothing read."""

from services.common.database import Connection
from services.projector.account_story.fold import Entry, StoriesInMemory
from services.projector.core.model import Apply, Batch


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
        if told := self._memory.told:
            await connection.copy_records_to_table("account_story", records=told, columns=Entry._fields)
