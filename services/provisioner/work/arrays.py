"""Several accounts in one call, where the target takes arrays: which may go together, and how many."""

from services.provisioner.account import Account, Pending
from services.provisioner.backends.protocol import Backend
from services.provisioner.work.attempt import looks_first

_MOST = 500


class Arrays:
    """What the target takes, as it last declared."""

    def __init__(self, backend: Backend, *, at_once: int) -> None:
        """`at_once`: calls with arrays under way at the same time."""
        self._backend = backend
        self.at_once = at_once

    @property
    def size(self) -> int:
        """Most accounts of one call; 0: the target takes them one by one."""
        declared = min(self._backend.capabilities.arrays, _MOST)
        return declared if declared > 1 else 0

    def fit(self, account: Account) -> bool:
        """Whether the next call for an account is a plain create, whatever else may be true of it."""
        return (
            self.size > 0
            and isinstance(account.standing, Pending)
            and not looks_first(self._backend.capabilities, account)
        )
