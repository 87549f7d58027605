"""Stable codes with a plain sentence and what to do: of rows that cannot be taken, and of calls that failed.

Codes are deployed identifiers: clients and failures files hold them. Sentences may be improved at any time.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """A code with its sentence, and a hint that says what to do. `can_retry`: asking again may help."""

    code: str
    message: str
    hint: str
    can_retry: bool = False


def _catalogue(*codes: Code) -> dict[str, Code]:
    return {code.code: code for code in codes}


ROW_CODES = _catalogue(
    Code("EMAIL_MISSING", "The row has no e-mail address.", "Fill in the address, or delete the row."),
    Code("EMAIL_INVALID", "This is not an e-mail address.", "Correct the address."),
    Code(
        "EMAIL_TOO_LONG",
        "The address is longer than an address can be (254 characters).",
        "Correct the address.",
    ),
    Code(
        "EMAIL_CONTROL_CHARACTER",
        "The address holds an invisible control character.",
        "Type the address again.",
    ),
    Code(
        "EMAIL_UNICODE_LOCAL_UNSUPPORTED",
        "The part before the @ holds characters that the account service does not take.",
        "Use an address with plain letters before the @.",
    ),
    Code(
        "DESCRIPTION_TOO_LONG", "The description is longer than 2,000 characters.", "Shorten the description."
    ),
    Code(
        "EXTRA_CELLS",
        "The row has more filled cells than the header has columns.",
        "Put cells that hold the delimiter in quotes.",
    ),
    Code(
        "DUPLICATE", "Another row of this file has the same address.", "Nothing to do: the first row counts."
    ),
)

FAILURE_CODES = _catalogue(
    Code(
        "REFUSED",
        "The account service refused this person.",
        "Check the address; then retry, or correct the row.",
        can_retry=True,
    ),
    Code(
        "ADDRESS_TAKEN",
        "The account service already has an account with this address that is not ours.",
        "Ask the account service's staff to release it, or use another address.",
        can_retry=True,
    ),
    Code(
        "OUTCOME_UNKNOWN",
        "The account service never told us whether the account was made.",
        "Retry: we ask again with the same key, so nobody gets two accounts.",
        can_retry=True,
    ),
    Code(
        "ATTEMPTS_EXHAUSTED",
        "The account service failed too often.",
        "Retry when the account service is well again.",
        can_retry=True,
    ),
    Code(
        "COURSE_ENDED",
        "The course ended before the account was made.",
        "Extend the course, then retry.",
        can_retry=True,
    ),
    Code(
        "TARGET_ERROR",
        "The account service answered in a way we do not understand.",
        "Tell the operators; then retry.",
        can_retry=True,
    ),
)

WAITING_CODES = _catalogue(
    Code(
        "TARGET_UNREACHABLE",
        "The account service cannot be reached.",
        "Nothing to do: we try again by ourselves.",
    ),
    Code("TARGET_BUSY", "The account service asks us to wait.", "Nothing to do: we try again by ourselves."),
    Code(
        "TARGET_UNCERTAIN",
        "The account service broke off before it answered.",
        "Nothing to do: we ask again by ourselves.",
    ),
)


def explain(code: str) -> Code:
    """The catalogue entry of `code`; an unknown one (written by a newer version) explains itself plainly."""
    for catalogue in (ROW_CODES, FAILURE_CODES, WAITING_CODES):
        if code in catalogue:
            return catalogue[code]
    return Code(code, f"Code {code}.", "See the documentation of this version.")
