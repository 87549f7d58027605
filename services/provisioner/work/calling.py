"""Callers: as many as calls may be under way at once, each taking the next account from the desk."""

import time
from collections.abc import Callable
from datetime import datetime

from services.provisioner import metrics
from services.provisioner.account import Pending
from services.provisioner.account.outcome import NotTried, Outcome, Unclear, Withheld
from services.provisioner.backends.protocol import Backend
from services.provisioner.target.gate import Gate
from services.provisioner.target.pacing import paced
from services.provisioner.target.passage import Heard, Passage
from services.provisioner.work.attempt import attempt, without_a_call
from services.provisioner.work.desk import Desk, Item
from services.provisioner.work.recording import Recorder
from services.provisioner.work.stops import Stops

_UNREACHABLE = frozenset({"TARGET_UNREACHABLE", "CLOSE_UNREACHABLE"})


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
            passage = await self._gate.passage(
                lambda item=item: self._withheld(item),  # type: ignore[misc]
                row=item.stored.account.account_id,
            )
            if item.held.forgotten or self._withheld(item):
                self._gate.unused(passage)
                self._recorder.put(item, None if item.held.forgotten else Withheld())
                continue
            self._recorder.put(item, await self._call(item, passage))

    async def _call(self, item: Item, passage: Passage) -> Outcome:
        started = time.perf_counter()
        settle = self._stopped(item) and not item.stored.account.in_doubt
        outcome = await attempt(
            paced(self._gate, self._backend), item.stored, timeout_s=self._timeout_s, settle=settle
        )
        metrics.CALL_SECONDS.observe(time.perf_counter() - started)
        self._count(outcome)
        self._gate.report(passage, heard(outcome))
        return Withheld() if isinstance(outcome, NotTried) and self._withheld(item) else outcome

    def _withheld(self, item: Item) -> bool:
        """Whether no call is to be made: its import is stopped, and nothing was done for the account."""
        return item.unasked and self._stopped(item)

    def _stopped(self, item: Item) -> bool:
        account = item.stored.account
        return isinstance(account.standing, Pending) and account.creator.import_id in self._stops

    def _count(self, outcome: Outcome) -> None:
        metrics.ATTEMPTS.labels(type(outcome).__name__.lower()).inc()


def heard(outcome: Outcome) -> Heard:
    """What an outcome says of the target."""
    match outcome:
        case NotTried(code, retry_after):
            return Heard("not_taken", retry_after, unreachable=code in _UNREACHABLE)
        case Unclear(retry_after=retry_after):
            return Heard("unclear", retry_after)
        case _:
            return Heard("answered")
