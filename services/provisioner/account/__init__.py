"""The life of one account, without I/O: what it is, how facts change it, and what is decided next."""

from services.provisioner.account.decide import answer_claims, record_outcome
from services.provisioner.account.evolve import evolve
from services.provisioner.account.state import (
    Account,
    Closed,
    Closing,
    Erred,
    Ok,
    OpenClaim,
    Pending,
    Standing,
)

__all__ = [
    "Account",
    "Closed",
    "Closing",
    "Erred",
    "Ok",
    "OpenClaim",
    "Pending",
    "Standing",
    "answer_claims",
    "evolve",
    "record_outcome",
]
