"""What callers and the gate say to each other."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Passage:
    """Leave to make one call. `probe`: everybody else waits for what it comes to."""

    probe: bool
    row: Hashable = None
    """Whose call it is: the calls of one row alone say little about the target."""
    paid: bool = False
    """Whether it took a slot of the rate, which another may have if no call is made."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a call came to, as far as it speaks of the target."""

    kind: Literal["answered", "unclear", "not_taken"]
    """Answered, whatever the answer; sent without an answer that settles it; or certainly not taken."""
    retry_after: float | None = None
    """Seconds the target wishes to be left alone, by everybody."""
    unreachable: bool = False
    """Not taken because it never arrived, or for all rows alike: that no row can be the cause of."""
    refuses_us: bool = False
    """Not taken because of our credentials or its address: time alone mends nothing."""
