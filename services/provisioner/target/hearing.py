"""What one process heard of the target in its last calls, and when that means that nobody answers. Pure."""

from collections.abc import Hashable
from dataclasses import dataclass

from services.provisioner.target.passage import Heard

_UNREACHED = 5
_CALLS = 20
_SLOW_CALLS = 8
_ROWS = 5


@dataclass(frozen=True, slots=True)
class Lately:
    """Calls since the last that was answered."""

    unreached: int = 0
    """So many in a row never arrived."""
    calls: tuple[tuple[float, Hashable], ...] = ()
    """The last of them: when, and whose."""


NOTHING = Lately()


def hear(lately: Lately, heard: Heard, row: Hashable, at: float) -> Lately:
    """One call more, that ended at so many seconds."""
    if heard.kind == "answered":
        return NOTHING
    unreached = lately.unreached + 1 if heard.unreachable else 0
    return Lately(unreached, (*lately.calls, (at, row))[-_CALLS:])


def silent(lately: Lately, *, timeout_s: float) -> bool:
    """Whether nobody answers, and that is the target's doing, not the rows'.

    Five calls in a row that never arrived; or twenty without an answer, of five rows at least. Where calls hang
    until their time is out there are fewer of them: then eight, if that took longer than one call may take.
    """
    if lately.unreached >= _UNREACHED:
        return True
    calls = lately.calls
    if len(calls) < _SLOW_CALLS:
        return False
    rows = [row for _, row in calls]
    if len({row for row in rows if row is not None}) + rows.count(None) < _ROWS:
        return False
    return len(calls) == _CALLS or calls[-1][0] - calls[0][0] >= timeout_s
