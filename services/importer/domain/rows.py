"""What a row of a draft is worth: one verdict, decided once, when the row is staged."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from schemas.ids import account_id
from services.importer.domain.address import BadAddress, check_address
from services.importer.limits import MAX_DESCRIPTION


class Verdict(StrEnum):
    """Stored and shown: deployed identifiers. The first six words stand for the account as it was."""

    NEW = "new"
    EXISTING_OK = "existing_ok"
    EXISTING_PENDING = "existing_pending"
    EXISTING_ERRED = "existing_erred"
    EXISTING_CLOSED = "existing_closed"
    DUPLICATE = "duplicate"
    INVALID = "invalid"


SKIPPED: Final = frozenset({Verdict.DUPLICATE, Verdict.INVALID})
"""Verdicts of rows that ask for nothing; all others become requests."""


class Readable(Protocol):
    """What reading yields, whatever the file was."""

    @property
    def row(self) -> int: ...  # noqa: D102 - as in services.importer.reading.Record
    @property
    def line(self) -> int: ...  # noqa: D102
    @property
    def email(self) -> str: ...  # noqa: D102
    @property
    def description(self) -> str: ...  # noqa: D102
    @property
    def code(self) -> str | None: ...  # noqa: D102


class StagedRow(NamedTuple):
    """A row with its verdict. Invalid rows have no account; `code` says why, `duplicate_of` which row counts."""

    row: int
    line: int
    email: str
    canonical_email: str | None
    description: str
    verdict: Verdict
    code: str | None
    duplicate_of: int | None
    account_id: UUID | None


def classify(records: Iterable[Readable], project_id: UUID) -> Iterator[StagedRow]:
    """Give each record its verdict, as far as the file alone can tell.

    The first row with an address counts, later ones repeat it; an invalid row claims no address. Remembers
    16 bytes for each address.
    """
    first: dict[bytes, int] = {}
    for record in records:
        row, line, email, description, code = (
            record.row,
            record.line,
            record.email,
            record.description,
            record.code,
        )
        try:
            canonical = check_address(email)
        except BadAddress as bad:
            yield StagedRow(row, line, email, None, description, Verdict.INVALID, bad.code, None, None)
            continue
        if code is None and len(description) > MAX_DESCRIPTION:
            code = "DESCRIPTION_TOO_LONG"
        if code is not None:
            yield StagedRow(row, line, email, canonical, description, Verdict.INVALID, code, None, None)
            continue
        account = account_id(project_id, canonical)
        counts = first.setdefault(account.bytes, row)
        if counts == row:
            yield StagedRow(row, line, email, canonical, description, Verdict.NEW, None, None, account)
        else:
            yield StagedRow(
                row, line, email, canonical, description, Verdict.DUPLICATE, "DUPLICATE", counts, account
            )


ACCOUNT_STATES: Final = (
    Verdict.NEW,
    Verdict.EXISTING_PENDING,
    Verdict.EXISTING_OK,
    Verdict.EXISTING_ERRED,
    Verdict.EXISTING_CLOSED,
)
"""What the provisioner's answer means, by its byte: unknown, pending, ok, erred, closed."""


def with_existing(rows: Sequence[StagedRow], states: bytes) -> list[StagedRow]:
    """The rows, new ones with the state their account has already: one byte for each new row, in order.

    Raises:
        ValueError: the states do not fit the rows.
    """
    if len(states) != sum(1 for row in rows if row.verdict is Verdict.NEW):
        raise ValueError("one state for each new row is needed")
    if not any(states):
        return list(rows)
    if max(states) >= len(ACCOUNT_STATES):
        raise ValueError("a state nobody knows")
    answer = iter(states)
    return [
        row._replace(verdict=ACCOUNT_STATES[next(answer)]) if row.verdict is Verdict.NEW else row
        for row in rows
    ]
