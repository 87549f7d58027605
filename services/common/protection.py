"""How much one caller may ask of a process, and how long its bodies may be and take."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_NONE: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Protection:
    """Limits of one process. Rates are requests a second; 0 switches a limit off."""

    rate: float = 200.0
    """Lasting, for each token or session."""
    burst: int = 1000
    """At once, after a pause."""
    failed_sign_ins: float = 10.0
    """With a bad secret, for each peer address."""
    failed_burst: int = 500
    uploads_at_once: int = 16
    """Bodies above `upload_bytes` that are on their way at the same time."""
    upload_bytes: int = 256 * 1024
    body_bytes: int = 1024 * 1024
    """Of any body; an endpoint may take less."""
    large_bodies: Mapping[str, int] = field(default_factory=lambda: _NONE)
    """By path: bytes where it is more."""
    body_idle_s: float = 30.0
    """Between two pieces of a body."""
    body_total_s: float = 600.0
    """For a whole body."""

    def most_bytes(self, path: str) -> int:
        """The longest body that is taken at a path."""
        return self.large_bodies.get(path, self.body_bytes)
