"""Addresses with a fixed outcome, like a payment provider's test cards.

| address       | outcome                                                                            |
|---------------|------------------------------------------------------------------------------------|
| `refused+…@`  | 422 `ADDRESS_REFUSED`: a definite refusal                                          |
| `flaky+…@`    | 503 at the first two attempts, then created (counted again after a restart)        |
| `slow+…@`     | created, after about two seconds                                                   |
| `taken+…@`    | 409 `ACCOUNT_EXISTS`: somebody else holds it, as the look-up by e-mail shows       |
| `lost+…@`     | created, but the reply is lost once: the connection closes without an answer       |
| `unclosable+…@` | created, but every attempt to close it gets 409 `ACCOUNT_IN_USE`, while so asked |

Everything else is created.
"""

from enum import StrEnum

FLAKY_FAILURES = 2


class Magic(StrEnum):
    """What an address asks for by the start of its local part."""

    REFUSED = "refused"
    FLAKY = "flaky"
    SLOW = "slow"
    TAKEN = "taken"
    LOST = "lost"
    UNCLOSABLE = "unclosable"


def magic_of(email: str) -> Magic | None:
    """The magic of an address, if any."""
    prefix, plus, rest = email.partition("+")
    if not plus or "@" not in rest:
        return None
    try:
        return Magic(prefix.lower())
    except ValueError:
        return None


class Attempts:
    """Counts attempts per address, for the most recent addresses only (bounded memory)."""

    def __init__(self, limit: int = 10_000) -> None:
        self._limit = limit
        self._counts: dict[tuple[str, str], int] = {}

    def count(self, address: tuple[str, str]) -> int:
        """The number of this attempt, from 1."""
        count = self._counts.pop(address, 0) + 1
        if len(self._counts) >= self._limit:
            del self._counts[next(iter(self._counts))]
        self._counts[address] = count
        return count
