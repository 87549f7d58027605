"""Only what belongs to one project: its imports, and every fact of its accounts, whichever import it names."""

from collections.abc import Iterable
from uuid import UUID

from schemas.facts import AccountFact, AccountRequested, ImportAccepted
from schemas.facts.imports import ImportFact
from services.projector.core.model import Located


class OfProject:
    """Whether an event belongs to a project; asked in the order of each partition, learns as it goes."""

    def __init__(self, project_id: UUID, imports: Iterable[UUID]) -> None:
        """Begin.

        Args:
            project_id: the project.
            imports: those known to be its own: facts of an import may come before the one that names the project.
        """
        self._project_id = project_id
        self._imports = set(imports)
        self._accounts: set[UUID] = set()

    def __call__(self, event: Located) -> bool:
        """Whether to keep it. What is no fact of an import or account (targets, projects) belongs to everybody."""
        fact = event.fact
        if isinstance(fact, AccountRequested):
            if fact.project.project_id == self._project_id:
                self._accounts.add(fact.account_id)
                return True
            return False
        if isinstance(fact, AccountFact):
            return fact.account_id in self._accounts
        if isinstance(fact, ImportAccepted) and fact.project.project_id == self._project_id:
            self._imports.add(fact.import_id)
        if isinstance(fact, ImportFact):
            return fact.import_id in self._imports
        return True
