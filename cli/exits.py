"""Exit codes: what a script may rely on (design.md, "Command line")."""

from enum import IntEnum

from cli.client.errors import ClientError, Refused, Unreachable
from cli.client.models import ImportStatus


class Exit(IntEnum):
    """How a command ended."""

    ALL_DONE = 0
    ERROR = 1
    USAGE = 2
    DECLINED = 3
    NOT_ALLOWED = 4
    WITH_FAILURES = 5
    NOT_FOUND = 6
    UNREACHABLE = 7
    STILL_RUNNING = 8
    INTERRUPTED = 130


MEANINGS = {
    Exit.ALL_DONE: "all done; of an import: every account is created or was already there",
    Exit.ERROR: "error, for example a file that cannot be read",
    Exit.USAGE: "usage: an option or argument is wrong",
    Exit.DECLINED: "declined at the question, or the import was cancelled",
    Exit.NOT_ALLOWED: "not signed in, or not allowed",
    Exit.WITH_FAILURES: "finished, with failed or invalid rows",
    Exit.NOT_FOUND: "there is no such import, project or account",
    Exit.UNREACHABLE: "the server, or the account service behind it, cannot be reached",
    Exit.STILL_RUNNING: "still running when --timeout ended the wait",
    Exit.INTERRUPTED: "interrupted with Ctrl-C",
}

_UNFINISHED = frozenset({"running", "cancelling", "undoing"})
_STOPPED = frozenset({"cancelled", "undone"})
_BY_HTTP_STATUS = {401: Exit.NOT_ALLOWED, 403: Exit.NOT_ALLOWED, 404: Exit.NOT_FOUND, 410: Exit.NOT_FOUND}


def exit_of_status(status: ImportStatus) -> Exit:
    """What the state of an import means for whoever waited for it."""
    if status.state in _UNFINISHED:
        return Exit.STILL_RUNNING
    if status.state in _STOPPED or status.counts.cancelled:
        return Exit.DECLINED
    if status.counts.failed or status.counts.invalid:
        return Exit.WITH_FAILURES
    return Exit.ALL_DONE


def exit_of_cancel(_: ImportStatus) -> Exit:
    """A cancel that came to its end did what it was asked for."""
    return Exit.ALL_DONE


def exit_of_undo(status: ImportStatus) -> Exit:
    """What the end of an undo means for whoever asked for it."""
    return Exit.WITH_FAILURES if status.undo is not None and status.undo.failed else Exit.ALL_DONE


def exit_of_error(error: ClientError) -> Exit:
    """What a call that failed means for whoever made it."""
    if isinstance(error, Unreachable) or (isinstance(error, Refused) and error.temporary):
        return Exit.UNREACHABLE
    if isinstance(error, Refused):
        return _BY_HTTP_STATUS.get(error.status, Exit.ERROR)
    return Exit.ERROR
