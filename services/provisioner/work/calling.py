"""Callers: as many as calls may be under way at once, each taking the next account from the desk."""

import time
from collections.abc import Callable
from datetime import datetime

from services.provisioner import metrics
from services.provisioner.account import Pending
from services.provisioner.account.outcome import NotTried, Outcome, Withheld
from services.provisioner.backends.protocol import Backend
from services.provisioner.work.attempt import attempt, without_a_call
from services.provisioner.work.desk import Desk, Item
from services.provisioner.work.gate import Gate
from services.provisioner.work.recording import Recorder
from services.provisioner.work.stops import Stops


class Caller:
    """What all callers of a process share."""

    def __init__(
        self,
        *,
        desk: Desk,
        gate: Gate,
        backend: Backend,
        recorder: Recorder,
        stops: Stops,
        now: Callable[[], datetime],
        timeout_s: float,
    ) -> None:
        """Prepare callers; `timeout_s` bounds one call."""
        self._desk = desk
        self._gate = gate
        self._backend = backend
        self._recorder = recorder
        self._stops = stops
        self._now = now
        self._timeout_s = timeout_s

    async def run(self) -> None:
        """Call for one account after the other, for ever."""
        while True:
            item = await self._desk.take()
            if self._withheld(item):
                self._recorder.put(item, Withheld())
                continue
            needs_no_call = without_a_call(item.stored, self._now().date())
            if needs_no_call is not None:
                # Past the gate: it must neither wait for the account service nor speak for it.
                self._count(needs_no_call)
                self._recorder.put(item, needs_no_call)
                continue
            probe = await self._gate.passage(lambda item=item: self._withheld(item))  # type: ignore[misc]
            if item.held.forgotten or self._withheld(item):
                self._gate.unused(probe=probe)
                self._recorder.put(item, None if item.held.forgotten else Withheld())
                continue
            self._recorder.put(item, await self._call(item, probe=probe))

    async def _call(self, item: Item, *, probe: bool) -> Outcome:
        started = time.perf_counter()
        settle = self._stopped(item) and not item.stored.account.in_doubt
        outcome = await attempt(self._backend, item.stored, timeout_s=self._timeout_s, settle=settle)
        metrics.CALL_SECONDS.observe(time.perf_counter() - started)
        self._count(outcome)
        if not isinstance(outcome, NotTried):
            self._gate.reached()
            return outcome
        self._gate.missed(outcome.retry_after, probe=probe)
        return Withheld() if self._withheld(item) else outcome

    def _withheld(self, item: Item) -> bool:
        """Whether no call is to be made: its import is stopped, and nothing was done for the account."""
        return item.unasked and self._stopped(item)

    def _stopped(self, item: Item) -> bool:
        account = item.stored.account
        return isinstance(account.standing, Pending) and account.creator.import_id in self._stops

    def _count(self, outcome: Outcome) -> None:
        metrics.ATTEMPTS.labels(type(outcome).__name__.lower()).inc()
