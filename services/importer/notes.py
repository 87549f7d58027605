"""What is said about a row beside its verdict: a note that something was repaired or looks odd, and suggestions."""

from typing import NamedTuple


class RowNote(NamedTuple):
    """A key of `schemas.codes.NOTE_CODES`, with what it is about in a few words (a code point, a row, a domain)."""

    code: str
    detail: str = ""


class Suggestion(NamedTuple):
    """A correction that one click applies.

    `code` is a key of `schemas.codes.SUGGESTION_CODES`; `value` is what the address would become (for `SPLIT` all
    addresses, one a line); rows with the same `like` have the same mistake, so that "all 12 like this" has a meaning.
    """

    code: str
    value: str
    like: str
