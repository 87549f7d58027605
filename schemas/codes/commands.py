"""Codes of commands that cannot be done as things stand (HTTP 409)."""

from schemas.codes.base import Code, catalogue

COMMAND_CODES = catalogue(
    Code(
        "ACCOUNT_PENDING",
        "The account is still being made.",
        "Wait until it is created or has failed.",
        can_retry=True,
    ),
    Code("ACCOUNT_OK", "The account exists already.", "Nothing to do."),
    Code(
        "ACCOUNT_CLOSING",
        "The account is being closed.",
        "Wait until it is closed; a new import of the address opens it again.",
    ),
    Code(
        "CLOSE_GIVEN_UP",
        "The account should be closed, but the account service did not close it.",
        "Close it once more; when it is closed, a new import of the address opens it again.",
    ),
    Code(
        "ACCOUNT_CLOSED",
        "The account is closed.",
        "Import the address once more to open the account again.",
    ),
    Code(
        "COURSE_ENDED",
        "The course is over: no accounts are made for it any more.",
        "Extend the course, then try again.",
        can_retry=True,
    ),
    Code(
        "IMPORT_CANCELLED",
        "The import that asked for the account was cancelled or undone.",
        "Import the address once more.",
    ),
    Code("ACCOUNT_UNKNOWN", "There is no such account.", "Check the id."),
    Code(
        "TARGET_CANNOT_LIST",
        "The account service does not say which accounts it has.",
        "Ask its staff for a list.",
    ),
    Code(
        "RECONCILE_RUNNING",
        "Our accounts are being compared with those of the account service already.",
        "Wait until that has ended.",
        can_retry=True,
    ),
)
