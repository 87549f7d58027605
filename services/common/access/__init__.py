"""Who may do what (design decision D13): API tokens, stored as hashes, looked up by all three services."""

from services.common.access.tokens import (
    Authenticator,
    NotAllowed,
    NotSignedIn,
    Principal,
    new_token,
    token_hash,
)

__all__ = ["Authenticator", "NotAllowed", "NotSignedIn", "Principal", "new_token", "token_hash"]
