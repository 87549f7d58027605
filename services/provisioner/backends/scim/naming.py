"""User names that follow from address and course, so that a server's own uniqueness lets nothing be made twice."""

import hashlib
import re

_UNUSABLE = re.compile(r"[^a-z0-9._-]+")
_LOCAL = 32


def user_name(template: str, email: str, scope: str) -> str:
    """The name for an address in a course, the same in every process; see `ScimOptions.user_name`."""
    address = email.lower()
    digest = hashlib.sha256(f"{address}\x00{scope}".encode()).hexdigest()
    local = _UNUSABLE.sub("-", address.partition("@")[0]).strip("-._")[:_LOCAL]
    return template.format(local=local or "user", hash=digest[:8], email=address)
