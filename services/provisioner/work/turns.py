"""Who is next: projects take turns, and within a project its imports; an import keeps its own order."""

from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from services.provisioner.account import Stored
from services.provisioner.store.work import Chunk


@dataclass(slots=True, eq=False)
class Held:
    """A chunk in our hands; `left` accounts of it have no outcome yet, `busy` of them were taken.

    `until`: when its lease ends by this process's own clock. `touched` once an account was taken, `ending` once
    the last outcome is being recorded.
    """

    chunk: Chunk
    left: int
    until: float
    busy: int = 0
    forgotten: bool = False
    touched: bool = False
    ending: bool = False


@dataclass(slots=True, eq=False)
class Item:
    """One account to be called for."""

    stored: Stored
    held: Held

    @property
    def unasked(self) -> bool:
        """Whether, up to now, certainly no call could have made the account."""
        return self.held.chunk.fresh and not self.stored.account.in_doubt


class Turns:
    """Accounts that wait for a call."""

    def __init__(self) -> None:
        self._projects: OrderedDict[UUID, OrderedDict[UUID, deque[Item]]] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        """How many wait."""
        return self._count

    def add(self, held: Held, items: Collection[Item]) -> None:
        """These are to be called for, after what their import waits for already."""
        imports = self._projects.setdefault(held.chunk.project_id, OrderedDict())
        imports.setdefault(held.chunk.import_id, deque()).extend(items)
        self._count += len(items)

    def next(self) -> Item | None:
        """The next in turn; None if nobody waits."""
        if not self._count:
            return None
        while True:
            project_id, imports = next(iter(self._projects.items()))
            self._projects.move_to_end(project_id)
            while imports:
                import_id, queue = next(iter(imports.items()))
                if queue:
                    imports.move_to_end(import_id)
                    self._count -= 1
                    return queue.popleft()
                del imports[import_id]
            del self._projects[project_id]

    def waiting(self) -> list[Item]:
        """All of them, in no order that matters."""
        return [item for imports in self._projects.values() for queue in imports.values() for item in queue]

    def remove(self, out: Callable[[Item], bool], import_ids: Iterable[UUID] | None = None) -> list[Item]:
        """Take out all that are `out`, of some imports or of all."""
        removed: list[Item] = []
        wanted = None if import_ids is None else set(import_ids)
        for imports in self._projects.values():
            for import_id in imports if wanted is None else wanted & imports.keys():
                queue = imports[import_id]
                gone = [item for item in queue if out(item)]
                if gone:
                    kept = [item for item in queue if not out(item)]
                    queue.clear()
                    queue.extend(kept)
                    removed += gone
        self._count -= len(removed)
        return removed
