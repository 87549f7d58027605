"""What the checker knows, and nothing else: the CSV files given, the log, the account service's journal, tables."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from deploy.account_service.journal import Created, Effect
from schemas import ids
from schemas.canonical import canonical_email
from schemas.codec import Event
from schemas.facts import AccountFact, AccountRequested, ImportAccepted
from schemas.facts.imports import ImportFact

_ADDRESS = re.compile(r"[^@\s.()]+(\.[^@\s.()]+)*@([a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)


@dataclass(frozen=True)
class Logged:
    """A record of the log; `event` is None where nobody can read it."""

    partition: int
    offset: int
    key: bytes | None
    event: Event | None


@dataclass(frozen=True)
class Wish:
    """What one valid, first row of a file asks for."""

    request_id: UUID
    account_id: UUID
    email: str
    row: int


@dataclass(frozen=True)
class Given:
    """A file somebody submitted."""

    import_id: UUID
    project_id: UUID
    rows: int
    wishes: tuple[Wish, ...]
    skipped: tuple[int, ...]

    @classmethod
    def read(cls, content: str, *, import_id: UUID, project_id: UUID) -> "Given":
        """Read a file by rules of our own: enough for the files of these tests."""
        wishes: list[Wish] = []
        skipped: list[int] = []
        seen: set[UUID] = set()
        cells = list(csv.DictReader(io.StringIO(content)))
        for row, cell in enumerate(cells, start=1):
            email = canonical_email(cell["email"]) if _ADDRESS.fullmatch(cell["email"]) else ""
            account_id = ids.account_id(project_id, email)
            if not email or account_id in seen:
                skipped.append(row)
                continue
            seen.add(account_id)
            wishes.append(Wish(ids.request_id(import_id, row, 0), account_id, email, row))
        return cls(import_id, project_id, len(cells), tuple(wishes), tuple(skipped))


@dataclass(frozen=True)
class Evidence:
    """All that happened in one project, and what was asked for in it."""

    project_id: UUID
    given: Sequence[Given]
    log: Sequence[Logged]
    effects: Sequence[Effect]

    @cached_property
    def requests(self) -> list[AccountRequested]:
        """Every request on the log, repetitions too."""
        return [f for e in self.events if isinstance(f := e.fact, AccountRequested)]

    @cached_property
    def events(self) -> list[Event]:
        """Everything readable."""
        return [record.event for record in self.log if record.event is not None]

    @cached_property
    def outcomes(self) -> Mapping[UUID, Sequence[AccountFact]]:
        """The provisioner's facts by account in the order of the log, each version once."""
        found: defaultdict[UUID, dict[int, AccountFact]] = defaultdict(dict)
        for event in self.events:
            if isinstance(event.fact, AccountFact):
                found[event.fact.account_id].setdefault(event.fact.account_version, event.fact)
        return {account: list(versions.values()) for account, versions in found.items()}

    @cached_property
    def created(self) -> list[Created]:
        """Every account the account service made."""
        return [effect for effect in self.effects if isinstance(effect, Created)]


def of_project(
    project_id: UUID, scope: str, given: Sequence[Given], log: Sequence[Logged], effects: Sequence[Effect]
) -> Evidence:
    """The evidence about one project; facts that belong to no known project stay in, as nobody asked for them."""
    projects = _projects(log)
    mine = [r for r in log if r.event is None or projects.get(_about(r.event), project_id) == project_id]
    made = {e.username for e in effects if isinstance(e, Created) and e.scope == scope}
    return Evidence(project_id, given, mine, [effect for effect in effects if effect.username in made])


def _projects(log: Sequence[Logged]) -> dict[UUID, UUID]:
    found: dict[UUID, UUID] = {}
    for record in log:
        fact = record.event.fact if record.event else None
        if isinstance(fact, AccountRequested):
            found[fact.account_id] = fact.project.project_id
        elif isinstance(fact, ImportAccepted):
            found[fact.import_id] = fact.project.project_id
    return found


def _about(event: Event) -> UUID:
    fact = event.fact
    if isinstance(fact, AccountRequested | AccountFact):
        return fact.account_id
    return fact.import_id if isinstance(fact, ImportFact) else fact.subject
