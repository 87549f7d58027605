"""A row as it would be after a correction, judged with the rules of files."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from services.importer.domain.judging import judge
from services.importer.domain.policy import AddressPolicy
from services.importer.domain.rows import StagedRow
from services.importer.reading.model import Record

_BLANKS: Final = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Change:
    """What a person changes; None leaves the cell as it is. `confirmed`: the address is meant as it is."""

    email: str | None = None
    description: str | None = None
    confirmed: bool = False


def corrected(
    row: int,
    line: int,
    email: str,
    description: str,
    change: Change,
    project_id: UUID,
    policy: AddressPolicy,
) -> StagedRow:
    """Judge a row, given as it stands, after `change`."""
    record = Record(
        row,
        line,
        _cell(change.email, email),
        _cell(change.description, description),
        None,
    )
    return judge(record, project_id, policy, confirmed=change.confirmed)


def _cell(new: str | None, old: str) -> str:
    if new is None:
        return old
    return new.encode("utf-8", "replace").decode().strip(_BLANKS)  # half a surrogate pair cannot be stored
