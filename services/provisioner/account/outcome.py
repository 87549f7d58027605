"""What an attempt came to, in the words of the domain; backends speak of calls, this speaks of accounts."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Made:
    """The account exists and is ours."""

    username: str
    created_at: datetime | None = None
    expires_at: datetime | None = None
    adopted: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """A definite no: nothing was done by this attempt, and asking the same again will not help."""

    code: str
    detail: str = ""
    settles: bool = True
    """Whether it also settles what an earlier attempt of the series left unknown."""
    doubtful: bool = False
    """Whether there may have been an earlier attempt that nobody recorded."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """There may have been an effect; ask again with the same key, or look up."""

    code: str
    retry_after: float | None = None
    counts: bool = True
    """Whether it counts against the limit: not while the account service is being waited for."""


@dataclass(frozen=True, slots=True)
class NotTried:
    """Certainly no effect, and no refusal: the account service could not be asked."""

    code: str
    retry_after: float | None = None
    unanswered: bool = False
    """Whether a question that comes before was sent, and got no answer: the account service is there."""


@dataclass(frozen=True, slots=True)
class Gone:
    """There certainly is no live account of ours: it was closed, or a look-up finds none."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """No call was made and none will be: whoever asked for the account does not want it any more."""


Outcome = Made | Failed | Unclear | NotTried | Gone | Withheld
