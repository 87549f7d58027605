"""Codes of replays: why a command on one is refused (HTTP 409, 400), and why one has failed (`error`)."""

from schemas.codes.base import Code, catalogue

REPLAY_CODES = catalogue(
    Code(
        "TOO_MANY_REPLAYS",
        "Ten replays are under way.",
        "Cancel one, or wait until one is over.",
        can_retry=True,
    ),
    Code(
        "EDITION_UNKNOWN",
        "This version does not have the logic (the edition) that was asked for, or that a set was made with.",
        "Name an edition that it has; a set of another one can only be cleaned up.",
    ),
    Code(
        "REPLAY_STATE",
        "A replay in this state does not take the command.",
        "The answer says which it takes.",
    ),
    Code(
        "NOT_COMPARABLE",
        "The two sets cannot be compared now: they are not at the same place of the log, or one is gone, or of an "
        "edition that this version does not have.",
        "If they are not equally far, ask again in a moment; else build the set again.",
        can_retry=True,
    ),
    Code(
        "RULES_BROKEN",
        "The new set breaks its own rules.",
        "The comparison names rows. Clean the replay up, mend what builds the set, and build again. Such a set never "
        "answers.",
    ),
    Code(
        "SETS_DIFFER",
        "The new set says something else than the one in use.",
        "Look at the comparison; if that is what is wanted, swap with --accept-differences (accept_differences).",
    ),
    Code(
        "CLEAN_UP_FIRST",
        "The set before the one in use is still kept, as the way back of another replay.",
        "Clean that replay up, or roll it back; then swap.",
    ),
    Code(
        "SET_NOT_READY",
        "The set cannot answer now: it answers already, is not fed, or is behind the one in use.",
        "Ask again in a moment; a set that is not fed any more is built again.",
        can_retry=True,
    ),
    Code(
        "SET_IN_USE",
        "The set answers, and is not dropped.",
        "Swap another one in, or roll back, first.",
    ),
    Code(
        "NO_ROOM",
        "There are as many sets as there is room for.",
        "Clean up a replay that is over, and ask again.",
    ),
    Code(
        "LOG_DAMAGED",
        "Records that should be on the log are not, or others are there.",
        'The message says where; the operator\'s guide says what to do, under "The log is damaged".',
    ),
    Code(
        "WORKER_DIED",
        "The process that built the set ended five times.",
        "The projector's log says why; clean the replay up, and ask again when that is mended.",
    ),
)
