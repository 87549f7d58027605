"""Which row was first with an account: exact, in a few bytes for each row, fed piece by piece."""

from collections.abc import Sequence

from services.importer.domain.rows import StagedRow, Verdict
from services.importer.notes import RowNote


class Firsts:
    """The rows that count, of one file. Feed it all rows, in order, in pieces of any size."""

    def __init__(self) -> None:
        self._first: dict[bytes, tuple[int, int]] = {}

    def mark(self, rows: Sequence[StagedRow]) -> list[StagedRow]:
        """The rows, with those that repeat an earlier new row's account as duplicates of it."""
        marked = list(rows)
        for place, row in enumerate(rows):
            if row.verdict is not Verdict.NEW or row.account_id is None:
                continue
            text = hash(row.description)
            first, said = self._first.setdefault(row.account_id, (row.row, text))
            if first != row.row:
                differs = () if said == text else (RowNote("DESCRIPTION_DIFFERS", str(first)),)
                marked[place] = row._replace(
                    verdict=Verdict.DUPLICATE,
                    code="DUPLICATE",
                    duplicate_of=first,
                    notes=(*row.notes, *differs),
                )
        return marked
