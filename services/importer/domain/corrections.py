"""What a correction makes of a staged row: judged anew, as if the file had said so."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from services.importer.domain.judging import judge
from services.importer.domain.policy import AddressPolicy
from services.importer.domain.rows import StagedRow
from services.importer.notes import RowNote, Suggestion
from services.importer.reading import Record

_OF_READING: Final = frozenset({"STRAY_QUOTE", "OTHER_ENCODING", "ESCAPE_REMOVED", "CONTROL_REMOVED"})
"""Notes about how the cells came to be: they stay when another cell is corrected."""
EDITED: Final = RowNote("EDITED")


def corrected(
    row: StagedRow,
    project_id: UUID,
    policy: AddressPolicy,
    *,
    email: str | None = None,
    description: str | None = None,
) -> StagedRow:
    """The row with other cells. A confirmation of the address holds only as long as the address stays."""
    same = email is None or email == row.email
    kept = tuple(note for note in row.notes if note.code in _OF_READING) if description is None else ()
    record = Record(
        row.row,
        row.line,
        row.email if email is None else email,
        row.description if description is None else description,
        None,
        (*kept, EDITED),
    )
    return judge(record, project_id, policy, confirmed=row.confirmed and same)


def applied(
    row: StagedRow, suggestion: Suggestion, project_id: UUID, policy: AddressPolicy
) -> Iterator[StagedRow]:
    """The row as the suggestion would have it, and then the rows it adds, which have the same number still."""
    if suggestion.code == "KEEP_AS_IS":
        kept = tuple(note for note in row.notes if note.code in _OF_READING)
        record = Record(row.row, row.line, row.email, row.description, None, kept)
        yield judge(record, project_id, policy, confirmed=True)
    elif suggestion.code == "SWAP_COLUMNS":
        yield corrected(row, project_id, policy, email=suggestion.value, description=row.email)
    elif suggestion.code == "SPLIT":
        for address in filter(None, map(str.strip, suggestion.value.splitlines())):
            yield corrected(row, project_id, policy, email=address)
    else:
        yield corrected(row, project_id, policy, email=suggestion.value)
