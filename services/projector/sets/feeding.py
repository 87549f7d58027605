"""The sets that batches go to, as one reader of the log sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from services.common.database import Connection, Database
from services.common.errors import CannotStart
from services.common.records import TopicPartition
from services.projector.core.model import ReadModel
from services.projector.sets.catalog import fed_slots, known_sets
from services.projector.sets.model import SetState

Editions = Mapping[str, Sequence[ReadModel]]
"""The logic this process knows: read models by the name of their edition; the first is the usual one."""


class UnknownEdition(CannotStart):
    """Live batches go to a set whose logic this version does not have."""


@dataclass(slots=True)
class Feed:
    """One set as this reader feeds it, and how far it is."""

    slot: str
    models: Sequence[ReadModel]
    stored: dict[TopicPartition, int] = field(default_factory=dict)


class Feeds(Protocol):
    """Which sets there are to feed."""

    async def find(self, source: Database) -> list[Feed]:
        """The sets, positions not known yet."""
        ...

    async def agrees(self, connection: Connection, slots: Sequence[str]) -> bool:
        """Whether exactly these have to be fed, as this transaction sees it."""
        ...


class LiveFeeds:
    """Every set the catalog calls fed: what live projectors read into."""

    def __init__(self, editions: Editions) -> None:
        self._editions = editions

    async def find(self, source: Database) -> list[Feed]:
        """The fed sets.

        Raises:
            UnknownEdition: one of them has a logic we do not have: going on would leave it behind for ever.
        """
        fed = [known for known in await known_sets(source) if known.state is SetState.FED]
        for known in fed:
            if known.edition not in self._editions:
                raise UnknownEdition(
                    f"The read models in schema {known.slot} are of edition {known.edition}, which this version does "
                    "not have. Start the version that has it, or clean that set up (course-accounts replay clean-up)."
                )
        return [Feed(k.slot, self._editions[k.edition]) for k in sorted(fed, key=lambda known: known.slot)]

    async def agrees(self, connection: Connection, slots: Sequence[str]) -> bool:
        """Asked in the transaction, after positions moved: so no set that is fed can be left out unnoticed."""
        return await fed_slots(connection) == tuple(slots)


class OneFeed:
    """One set and nothing else: what a replay reads into."""

    def __init__(self, slot: str, models: Sequence[ReadModel]) -> None:
        self._slot, self._models = slot, models

    async def find(self, source: Database) -> list[Feed]:  # noqa: ARG002 - as the protocol says
        """The one."""
        return [Feed(self._slot, self._models)]

    async def agrees(self, connection: Connection, slots: Sequence[str]) -> bool:  # noqa: ARG002
        """Always; whoever else writes these positions is fenced off by them."""
        return True
