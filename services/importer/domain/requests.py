"""A request of another service, judged: rows like those of a file, or the reason why it is refused. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from schemas.codec import Unreadable
from schemas.facts import ProjectSnapshot
from schemas.requests import Request
from services.importer.domain.duplicates import Firsts
from services.importer.domain.judging import judge_all
from services.importer.domain.policy import AddressPolicy
from services.importer.domain.rows import StagedRow, Verdict
from services.importer.reading.model import Record

AllowedSources = Mapping[str, frozenset[UUID] | Literal["*"]]
"""Which source may ask for accounts in which projects; the source `*` stands for all."""

_BLANKS: Final = " \t\r\n"

SOURCE_NOT_ALLOWED: Final = Unreadable(
    "SOURCE_NOT_ALLOWED", "This source may not ask for accounts in this project."
)
IMPORT_ID_TAKEN: Final = Unreadable(
    "IMPORT_ID_TAKEN", "This import id is in use by somebody else, for another key, or for another project."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """An import as a request asks for it, ready to be stored."""

    import_id: UUID
    source: str
    key: str
    author: str
    cause_id: UUID | None
    project: ProjectSnapshot
    rows: tuple[StagedRow, ...]
    verdicts: dict[str, int]


def may_ask(allowed: AllowedSources, source: str, project_id: UUID) -> bool:
    """Whether a source may ask for accounts in a project."""
    return any(
        projects == "*" or project_id in projects
        for projects in (allowed.get(source), allowed.get("*"))
        if projects is not None
    )


def judged(request: Request, project: ProjectSnapshot, policy: AddressPolicy) -> Asked:
    """Judge all rows; takes some 30 µs a row, so not on the event loop."""
    wish = request.wish
    records = [
        Record(number, number, account.email.strip(_BLANKS), account.description.strip(_BLANKS), None)
        for number, account in enumerate(wish.accounts, start=1)
    ]
    rows = Firsts().mark(judge_all(records, project.project_id, policy))
    verdicts = {verdict.value: 0 for verdict in Verdict}
    for row in rows:
        verdicts[row.verdict.value] += 1
    return Asked(
        wish.id_from(request.source),
        request.source,
        wish.idempotency_key,
        wish.submitted_by or request.source,
        _uuid(request.event_id),
        project,
        tuple(rows),
        verdicts,
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
