"""The life of one account, without I/O: what it is, how facts change it, and what is decided next."""

from services.provisioner.account.decide import answer_claims, record_outcome
from services.provisioner.account.evolve import evolve
from services.provisioner.account.order import Order, order_of
from services.provisioner.account.state import (
    Account,
    Change,
    Closed,
    Closing,
    Erred,
    Ok,
    OpenClaim,
    Pending,
    Standing,
    Stored,
)

__all__ = [
    "Account",
    "Change",
    "Closed",
    "Closing",
    "Erred",
    "Ok",
    "OpenClaim",
    "Order",
    "Pending",
    "Standing",
    "Stored",
    "answer_claims",
    "evolve",
    "order_of",
    "record_outcome",
]
