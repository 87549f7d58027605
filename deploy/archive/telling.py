"""Whom the work tells how far it is."""

from typing import Protocol


class Telling(Protocol):
    """Hears of each stage and of the records done in it."""

    def stage(self, name: str, records: int) -> None:
        """Begin with something else: what, and how many records it is about."""

    def done(self, records: int) -> None:
        """So many records more are done in this stage."""


class Silent:
    """Hears, and says nothing."""

    def stage(self, name: str, records: int) -> None:
        """Say nothing."""

    def done(self, records: int) -> None:
        """Say nothing."""
