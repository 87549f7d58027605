"""What a row of a draft is worth: one verdict, decided once, when the row is staged."""

from enum import StrEnum
from typing import Final, NamedTuple

from services.importer.notes import RowNote, Suggestion


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


class StagedRow(NamedTuple):
    """A row with its verdict: `NEW` or `INVALID` by itself, `DUPLICATE` beside the others.

    Attributes:
        row: its number, from 1.
        line: the physical line where it starts.
        email: the address as it is taken; as it was typed if it is not. May be stored and shown.
        canonical_email: what makes two spellings one account; None if the cell holds no address.
        description: without control characters, otherwise as it was typed.
        verdict: what the row is worth.
        code: why it is invalid or a duplicate, a key of `schemas.codes.ROW_CODES`.
        detail: what the code is about, in a few words: `U+200B after “ada”`, `300 characters`.
        duplicate_of: the row that counts in its place.
        account_id: the 16 bytes of the account's id; None if the row is invalid.
        notes: what was repaired, what looks odd.
        suggestions: what one click would change.
        confirmed: a person said that the address is meant as it is.
    """

    row: int
    line: int
    email: str
    canonical_email: str | None
    description: str
    verdict: Verdict
    code: str | None
    detail: str
    duplicate_of: int | None
    account_id: bytes | None
    notes: tuple[RowNote, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    confirmed: bool = False


ACCOUNT_STATES: Final = (
    Verdict.NEW,
    Verdict.EXISTING_PENDING,
    Verdict.EXISTING_OK,
    Verdict.EXISTING_ERRED,
    Verdict.EXISTING_CLOSED,
)
"""What the provisioner's answer means, by its byte: unknown, pending, ok, erred, closed."""
