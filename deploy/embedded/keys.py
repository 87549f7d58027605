"""The stack's own secrets: made once for a data directory, kept in it, readable by its owner only."""

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from .private_files import read_json, write_private_json

FILE = "keys.json"


@dataclass(frozen=True, slots=True)
class Keys:
    """Random words, safe in URLs and environment variables."""

    staff_token: str
    internal_token: str
    importer_password: str
    provisioner_password: str
    projector_password: str
    account_service_secret: str
    control_token: str

    def passwords(self) -> dict[str, str]:
        """Of the database roles, by role."""
        return {
            "importer": self.importer_password,
            "provisioner": self.provisioner_password,
            "projector": self.projector_password,
        }


def ensure_keys(home: Path, make: Callable[[], str] = lambda: secrets.token_urlsafe(32)) -> Keys:
    """Read the keys of a data directory; make those that are missing.

    Raises:
        StackError: NOT_WRITABLE or DISK_FULL.
    """
    known = read_json(home / FILE) or {}
    names = [field.name for field in fields(Keys)]
    keys = Keys(**{name: known[name] if isinstance(known.get(name), str) else make() for name in names})
    if asdict(keys) != known:
        write_private_json(home / FILE, asdict(keys))
    return keys
