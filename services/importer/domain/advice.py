"""Suggestions that need the whole row."""

from typing import Final

from services.importer.domain.addresses.examine import examine
from services.importer.domain.policy import AddressPolicy
from services.importer.limits import MAX_DESCRIPTION
from services.importer.notes import Suggestion

_NO_ADDRESS: Final = frozenset({"EMAIL_MISSING", "EMAIL_NO_AT"})


def swapped(code: str, email: str, description: str, policy: AddressPolicy) -> Suggestion | None:
    """To swap the cells, if the one for the address holds none and the other one does."""
    if code not in _NO_ADDRESS or len(email) > MAX_DESCRIPTION or "@" not in description:
        return None
    found = examine(description, policy, whole=True)
    return None if found.fault is not None else Suggestion("SWAP_COLUMNS", found.text, "COLUMNS_SWAPPED")
