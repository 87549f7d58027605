"""The life of one account, without I/O: what it is, how facts change it, and what is decided next."""

from services.provisioner.account.closing import record_close
from services.provisioner.account.commands import Conflict, close, retry
from services.provisioner.account.decide import answer_claims, record_outcome
from services.provisioner.account.ending import end_attempt, still_counts
from services.provisioner.account.evolve import evolve
from services.provisioner.account.giving_up import (
    claims_of,
    fate,
    release,
    stop,
    told,
)
from services.provisioner.account.late import comes_too_late, undo_late_effect
from services.provisioner.account.order import Order, order_of
from services.provisioner.account.state import (
    Account,
    Change,
    Closed,
    Closing,
    Erred,
    How,
    Ok,
    OpenClaim,
    OtherClaim,
    Pending,
    Standing,
    Stored,
    Unwanted,
)

__all__ = [
    "Account",
    "Change",
    "Closed",
    "Closing",
    "Conflict",
    "Erred",
    "How",
    "Ok",
    "OpenClaim",
    "Order",
    "OtherClaim",
    "Pending",
    "Standing",
    "Stored",
    "Unwanted",
    "answer_claims",
    "claims_of",
    "close",
    "comes_too_late",
    "end_attempt",
    "evolve",
    "fate",
    "order_of",
    "record_close",
    "record_outcome",
    "release",
    "retry",
    "still_counts",
    "stop",
    "told",
    "undo_late_effect",
]
