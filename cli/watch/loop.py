"""Ask for the status again and again, as often as the server wishes, whatever happens on the way."""

from collections.abc import Callable
from typing import Protocol

from cli.client.errors import ClientError, Refused, Unreachable
from cli.client.models import ImportStatus, StatusAnswer
from cli.world import Clock

USUAL_PAUSE = 3.0
LONGEST_SILENCE = 300.0
"""Seconds without any answer after which waiting on makes no sense (the import goes on without us)."""

_UNFINISHED = frozenset({"running", "cancelling", "undoing"})


class View(Protocol):
    """Shows an import that goes on."""

    def show(self, answer: StatusAnswer) -> None:
        """Show a status that is not the one shown before."""

    def trouble(self, error: ClientError, retry_in: float) -> None:
        """Say that no answer came and when the next attempt is, in seconds."""


class WaitExpired(Exception):
    """The time for waiting is over; `last` is the last status seen, if any."""

    def __init__(self, last: StatusAnswer | None) -> None:
        super().__init__()
        self.last = last


def watch(
    read: Callable[[str | None], StatusAnswer | None],
    view: View,
    clock: Clock,
    *,
    deadline: float | None,
    just_submitted: bool = False,
    ended: Callable[[ImportStatus], bool] | None = None,
) -> StatusAnswer:
    """Follow an import until it is finished, cancelled or undone.

    Args:
        read: asks for the status, given the validator of the last one; None means unchanged.
        view: shows what comes.
        clock: time.
        deadline: the moment on `clock` at which to stop; None waits as long as answers come.
        ended: which status is the last one; usually one at which nothing more happens by itself.
        just_submitted: the import may not be visible yet, so not finding it is temporary at first.

    Raises:
        WaitExpired: the deadline passed.
        ClientError: an error that time does not mend, or no answer for `LONGEST_SILENCE`.
    """
    last: StatusAnswer | None = None
    ended = ended or is_final
    heard = clock.now()
    misses = 0
    while True:
        try:
            answer = read(last.etag if last else None)
        except ClientError as error:
            unseen = just_submitted and last is None
            if not may_pass(error, unseen=unseen) or clock.now() - heard > LONGEST_SILENCE:
                raise
            misses += 1
            pause = pause_after(misses, error)
            if not _invisible(error) or misses > 1:
                view.trouble(error, pause)
        else:
            heard, misses = clock.now(), 0
            if answer is not None:
                last = answer
                view.show(answer)
                if ended(answer.status):
                    return answer
            pause = poll_pause(last.status if last else None)
        if deadline is not None and clock.now() + pause >= deadline:
            clock.sleep(max(deadline - clock.now(), 0))
            raise WaitExpired(last)
        clock.sleep(pause)


def is_final(status: ImportStatus) -> bool:
    """Nothing more happens by itself."""
    return status.state not in _UNFINISHED


def is_stopped(status: ImportStatus) -> bool:
    """A cancel is over; a status from before it does not count."""
    return status.state in {"cancelled", "undone"}


def is_undone(status: ImportStatus) -> bool:
    """An undo is over; a status from before it does not count."""
    return status.state == "undone"


def poll_pause(status: ImportStatus | None) -> float:
    """Seconds until the next question: the server's wish, within reason."""
    wish = status.poll_after if status else None
    return USUAL_PAUSE if wish is None else min(max(wish, 0.1), 60)


def pause_after(misses: int, error: ClientError) -> float:
    """Seconds until the next attempt after so many without an answer."""
    if isinstance(error, Refused) and error.retry_after is not None:
        return max(error.retry_after, 0.1)
    return float(min(0.5 * 2 ** min(misses - 1, 10), 5))


def may_pass(error: ClientError, *, unseen: bool) -> bool:
    """The same question may be answered later. `unseen`: the import has not been seen since it was submitted."""
    if isinstance(error, Refused):
        return error.temporary or error.status >= 500 or (unseen and error.status == 404)
    return isinstance(error, Unreachable)


def _invisible(error: ClientError) -> bool:
    return isinstance(error, Refused) and error.status == 404
