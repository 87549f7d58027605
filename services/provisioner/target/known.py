"""What this process knows of the target, and what it wants changed for all copies."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from services.provisioner.target.clock import SharedClock
from services.provisioner.target.state import Target

Change = Callable[[Target, datetime], Target]
"""A change of the target at a moment of the shared clock."""


class Known:
    """The target as last seen, with our own changes made to it already, but for those the row must decide."""

    def __init__(
        self, target: Target, *, clock: SharedClock, changed: Callable[[Target, Target], None]
    ) -> None:
        """Know `target`; `changed` is told of every other value, after the one before."""
        self.target = target
        self.shared = False
        """Whether somebody takes our changes to a row that others read."""
        self.wanted = asyncio.Event()
        """Set when there are changes to be taken."""
        self._clock = clock
        self._changed = changed
        self._changes: list[tuple[Change, bool]] = []

    @property
    def changes(self) -> tuple[Change, ...]:
        """What is to be changed for all copies."""
        return tuple(change for change, _ in self._changes)

    def change(self, change: Change, *, at_once: bool = True) -> None:
        """Change the target, for all copies and, if `at_once`, here."""
        if self.shared:
            self._changes.append((change, at_once))
            self.wanted.set()
        if at_once or not self.shared:
            self._know(change(self.target, self._clock.now()))

    def see(self, target: Target, done: int = 0) -> None:
        """The target as it is for all copies, the first `done` of our changes included."""
        del self._changes[:done]
        now = self._clock.now()
        for change, at_once in self._changes:
            if at_once:
                target = change(target, now)
        self._know(target)

    def _know(self, target: Target) -> None:
        before, self.target = self.target, target
        if target != before:
            self._changed(before, target)
