"""Why a command on a replay is refused. Pure."""

from uuid import UUID

from services.common.http import Problem
from services.projector.replay.model import Command, Replay


def check(replay: Replay, command: Command) -> None:
    """Whether the command makes sense in this state.

    Raises:
        Problem: 409, it does not.
    """
    if not replay.takes(command):
        can = ", ".join(c for c in Command if replay.takes(c)) or "nothing"
        raise Problem(
            409, "REPLAY_STATE", f"A replay that is {replay.state} does not take {command}; it takes {can}."
        )


def check_swap(replay: Replay, *, swapped: UUID | None, accept_differences: bool) -> None:
    """Whether the set of `replay` may answer.

    Args:
        replay: it is warm.
        swapped: the replay whose set answers now, if the one before that is kept.
        accept_differences: another answer than now is what is wanted.

    Raises:
        Problem: 409, it may not.
    """
    if broken := replay.broken_rules:
        raise Problem(
            409,
            "RULES_BROKEN",
            f"The new set breaks its own rule {', '.join(broken)}. Look at the comparison; such a set does not answer, "
            "also where differences are accepted. Clean it up, mend what builds it, and build again.",
        )
    if not replay.equal and not accept_differences:
        raise Problem(
            409,
            "SETS_DIFFER",
            "The new set says something else than the one in use. Look at the comparison; if that is what you "
            "want, swap with --accept-differences (accept_differences).",
        )
    if swapped is not None:
        raise Problem(
            409,
            "CLEAN_UP_FIRST",
            f"The set before the one in use is kept as the way back of replay {swapped.hex}. Clean that replay up, or "
            "roll it back, first.",
        )


def too_many() -> Problem:
    """409: the operator has asked for enough."""
    return Problem(409, "TOO_MANY_REPLAYS", "Ten replays are under way. Cancel one, or wait.")


def in_use() -> Problem:
    """409: a set that answers is not dropped."""
    return Problem(409, "SET_IN_USE", "This set answers. Swap another one in, or roll back, first.")
