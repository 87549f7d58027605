"""Who may do what (design decision D13): API tokens, stored as hashes, looked up by all three services."""

from services.common.access.principal import NotAllowed, NotSignedIn, NotVisible, Principal, Role
from services.common.access.tokens import Authenticator, new_token, token_hash

__all__ = [
    "Authenticator",
    "NotAllowed",
    "NotSignedIn",
    "NotVisible",
    "Principal",
    "Role",
    "new_token",
    "token_hash",
]
