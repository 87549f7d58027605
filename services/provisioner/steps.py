"""Named steps between which the process may be killed; who puts it together may want to hear when one is reached."""

from collections.abc import Callable
from typing import Literal

Step = Literal[
    "polled",
    "intake_before_commit",
    "intake_committed",
    "revoked",
    "outcomes_committed",
    "half_done",
    "confirmed",
]
"""polled: records are in hand · intake_before_commit, intake_committed: a batch is folded, is stored · revoked:
partitions go to another owner · outcomes_committed: decided, and not yet relayed · half_done: the same, and a chunk
in hand has accounts left · confirmed: relayed, and not yet taken out of the outbox."""

Reached = Callable[[Step], None]


def unheard(_: Step) -> None:
    """Nobody listens."""
