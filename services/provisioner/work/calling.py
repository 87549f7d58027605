"""Callers: as many as calls may be under way at once, each taking the next account from the desk."""

import time
from collections.abc import Callable
from datetime import datetime

from services.provisioner import metrics
from services.provisioner.account.outcome import NotTried, Outcome
from services.provisioner.backends.protocol import Backend
from services.provisioner.work.attempt import attempt, without_a_call
from services.provisioner.work.desk import Desk
from services.provisioner.work.gate import Gate
from services.provisioner.work.recording import Recorder


class Caller:
    """What all callers of a process share."""

    def __init__(
        self,
        *,
        desk: Desk,
        gate: Gate,
        backend: Backend,
        recorder: Recorder,
        now: Callable[[], datetime],
        timeout_s: float,
    ) -> None:
        """Prepare callers; `timeout_s` bounds one call."""
        self._desk = desk
        self._gate = gate
        self._backend = backend
        self._recorder = recorder
        self._now = now
        self._timeout_s = timeout_s

    async def run(self) -> None:
        """Call for one account after the other, for ever."""
        while True:
            item = await self._desk.take()
            needs_no_call = without_a_call(item.stored, self._now().date())
            if needs_no_call is not None:
                # Past the gate: it must neither wait for the account service nor speak for it.
                self._count(needs_no_call)
                self._recorder.put(item, needs_no_call)
                continue
            probe = await self._gate.passage()
            if item.held.forgotten:
                self._gate.unused(probe=probe)
                self._recorder.put(item, None)
                continue
            started = time.perf_counter()
            outcome = await attempt(self._backend, item.stored, timeout_s=self._timeout_s)
            metrics.CALL_SECONDS.observe(time.perf_counter() - started)
            self._count(outcome)
            if isinstance(outcome, NotTried):
                self._gate.missed(outcome.retry_after, probe=probe)
            else:
                self._gate.reached()
            self._recorder.put(item, outcome)

    def _count(self, outcome: Outcome) -> None:
        metrics.ATTEMPTS.labels(type(outcome).__name__.lower()).inc()
