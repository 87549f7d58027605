"""Writing down what was decided about locked accounts, outside of attempts: accounts, facts, and work that follows."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID, uuid4

from schemas.facts import AccountFact
from services.common.database import Connection
from services.provisioner.account import Account, Change, Stored
from services.provisioner.facts import encode_all, event_id
from services.provisioner.store import accounts, outbox, work
from services.provisioner.store.work import Chunk

_SLICE = 100
_T = TypeVar("_T")


@dataclass(slots=True)
class Decisions:
    """What was decided in one transaction."""

    changes: list[Change] = field(default_factory=list)
    facts: list[tuple[int, AccountFact]] = field(default_factory=list)
    due: defaultdict[tuple[int, UUID, UUID, bool], list[UUID]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, stored: Stored, facts: Sequence[AccountFact], after: Account) -> None:
        """One account's."""
        if facts:
            self.changes.append(Change(stored.account, after))
            self.facts.extend((stored.partition, fact) for fact in facts)

    def queue(self, stored: Stored, after: Account, *, fresh: bool) -> None:
        """The account has something to do now."""
        key = (stored.partition, after.project_id, after.creator.import_id, fresh)
        self.due[key].append(after.account_id)


class Scribe:
    """Writes decisions in the transaction they were made in."""

    def __init__(
        self, *, recorded: set[bytes], decided: Callable[[], None], look: Callable[[], None]
    ) -> None:
        """Prepare; `recorded` as the recorder's; `decided` and `look` are told that facts, that work is there."""
        self._recorded = recorded
        self._decided = decided
        self._look = look

    async def write(self, connection: Connection, decisions: Decisions, *, now: datetime) -> None:
        """Store accounts, put facts into the outbox, queue what follows."""
        await accounts.store(connection, decisions.changes)
        encoded = []
        for part in slices(decisions.facts, _SLICE):
            encoded += encode_all(part, time=now)
            await asyncio.sleep(0)
        await outbox.add(connection, encoded)
        chunks = [
            Chunk(uuid4(), partition, project_id, import_id, ids, fresh)
            for (partition, project_id, import_id, fresh), ids in decisions.due.items()
        ]
        await work.add(connection, chunks, due_at=now)
        # Before the commit: the relay may publish at once, and the intake may meet the fact on the log.
        self._recorded.update(event_id(record) for _, record in encoded)

    def tell(self, decisions: Decisions) -> None:
        """Say after the commit what there is."""
        if decisions.facts:
            self._decided()
        if decisions.due:
            self._look()


def slices(items: Sequence[_T], size: int) -> Iterable[Sequence[_T]]:
    """Parts of `items`, so that the event loop is given back between them."""
    return (items[start : start + size] for start in range(0, len(items), size))
