"""Codes of accounts: why one is not made, why it waits, why it is not closed."""

from schemas.codes.base import Code, catalogue

FAILURE_CODES = catalogue(
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
)

WAITING_CODES = catalogue(
    Code(
        "TARGET_UNREACHABLE",
        "The account service cannot be reached.",
        "Nothing to do: we try again by ourselves.",
    ),
    Code("TARGET_BUSY", "The account service asks us to wait.", "Nothing to do: we try again by ourselves."),
    Code(
        "TARGET_NOT_USABLE",
        "The account service does not accept our calls.",
        "Operators: check its address and our credentials there. Then it goes on by itself.",
    ),
    Code(
        "TARGET_UNCERTAIN",
        "The account service broke off before it answered.",
        "Nothing to do: we ask again by ourselves.",
    ),
    Code(
        "PAUSED_BY_OPERATOR",
        "The operators have paused the work with the account service.",
        "Nothing to do: it goes on by itself once they resume it.",
    ),
)

CLOSING_CODES = catalogue(
    Code(
        "CLOSE_UNREACHABLE",
        "The account is to be closed, but the account service cannot be reached.",
        "Nothing to do: we try again by ourselves.",
    ),
    Code(
        "CLOSE_BUSY",
        "The account is to be closed, but the account service asks us to wait.",
        "Nothing to do: we try again by ourselves.",
    ),
    Code(
        "CLOSE_NOT_USABLE",
        "The account is to be closed, but the account service does not accept our calls.",
        "Operators: check its address and our credentials there. Then it is closed by itself.",
    ),
    Code(
        "CLOSE_UNCERTAIN",
        "The account service broke off before it said that the account is closed.",
        "Nothing to do while we try again by ourselves; else ask the account service's staff to close it.",
    ),
    Code(
        "CLOSE_REFUSED",
        "The account service refused to close the account.",
        "Ask the account service's staff why, and to close it.",
    ),
    Code(
        "CANNOT_LOOK_UP",
        "Nobody knows whether the account was made, and the account service cannot be asked.",
        "Ask the account service's staff whether there is an account of this address, and to close it.",
    ),
)
