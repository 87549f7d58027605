"""Stable codes with a plain sentence and what to do: rows that cannot be taken, notes, suggestions, failed calls.

Codes are deployed identifiers: clients and failures files hold them. Sentences may be improved at any time.
"""

from schemas.codes.accounts import CLOSING_CODES, FAILURE_CODES, WAITING_CODES
from schemas.codes.base import Code
from schemas.codes.commands import COMMAND_CODES
from schemas.codes.parked import PARKED_CODES
from schemas.codes.replays import REPLAY_CODES
from schemas.codes.rows import NOTE_CODES, ROW_CODES, SUGGESTION_CODES

__all__ = [
    "CLOSING_CODES",
    "COMMAND_CODES",
    "FAILURE_CODES",
    "NOTE_CODES",
    "PARKED_CODES",
    "REPLAY_CODES",
    "ROW_CODES",
    "SUGGESTION_CODES",
    "WAITING_CODES",
    "Code",
    "explain",
    "explain_parked",
]


def explain(code: str) -> Code:
    """The catalogue entry of `code`; an unknown one (written by a newer version) explains itself plainly.

    A code of several catalogues is explained as what became of an account, not as an answer to a command.
    """
    for catalogue in (
        ROW_CODES,
        FAILURE_CODES,
        WAITING_CODES,
        NOTE_CODES,
        SUGGESTION_CODES,
        CLOSING_CODES,
        COMMAND_CODES,
        REPLAY_CODES,
    ):
        if code in catalogue:
            return catalogue[code]
    return Code(code, f"Code {code}.", "See the documentation of this version.")


def explain_parked(code: str) -> Code:
    """The same for the code of a parked record: the words are for who looks after the services."""
    return PARKED_CODES.get(code) or explain(code)
